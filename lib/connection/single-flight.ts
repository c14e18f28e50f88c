import { asyncScheduler, type SchedulerLike } from 'rxjs'
import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { callable } from './checks.ts'
import { madeFrom } from './same-value.ts'

/** Options of `singleFlight`. */
export interface SingleFlightOptions {
  /** After so many milliseconds a run counts as hung: the next call aborts it and starts another. Default: 60,000. */
  readonly hungAfterMs?: number
  /** Whose clock is used; no timer is set. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/**
 * A function that runs once at a time: calls during a run get the outcome of that run. Pass it as `authToken`, `params` or
 * `url`, and share it with other code that needs a token.
 *
 * An attempt that is given up (`connectTimeoutMs`, `pause`, an unsubscribe) cannot take back a request that has left, and
 * the next attempt evaluates its inputs anew, as does each connection of a socket. With a refresh token that may be used
 * once only, two requests at a time would log the user out. A run goes on when nobody waits for it any more, since its
 * answer may be the only copy of the new tokens: have `run` store what it gets.
 *
 * It caches nothing: once a run has settled, successfully or not, the next call starts another.
 *
 * @param run - receives a signal, which is aborted if the run counts as hung. If it throws, the call rejects.
 * @throws `InvalidArgument` for a time that is not above 0.
 */
export const singleFlight = <T>(
  run: (signal: AbortSignal) => T | PromiseLike<T>,
  { hungAfterMs = 60_000, scheduler = asyncScheduler }: SingleFlightOptions = {},
): (() => Promise<T>) => {
  callable('singleFlight.run', run)
  if (DEV && !(hungAfterMs > 0))
    throw new InvalidArgument('singleFlight.hungAfterMs', hungAfterMs, 'pass milliseconds, more than 0.')
  let flight:
    { readonly beganAt: number; readonly abort: AbortController; readonly outcome: Promise<T> } | undefined

  const once = (): Promise<T> => {
    const now = scheduler.now()
    if (flight && now - flight.beganAt < hungAfterMs) return flight.outcome
    flight?.abort.abort()
    const abort = new AbortController()
    const outcome = new Promise<T>((resolve) => {
      resolve(run(abort.signal))
    })
    const begun = (flight = { beganAt: now, abort, outcome })
    const settled = (): void => {
      if (flight === begun) flight = undefined
    }
    outcome.then(settled, settled)
    return outcome
  }
  return madeFrom(once, singleFlight, run, hungAfterMs)
}
