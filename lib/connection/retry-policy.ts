import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { callable, optionsIn } from './checks.ts'
import { madeFrom } from './same-value.ts'

/**
 * How long to wait before the next attempt.
 *
 * @param cause - why the last attempt failed, or the connection or join was lost.
 * @param attempt - the number of failures so far, from 1.
 * @returns milliseconds; or `'stop'` to give up, so that the stream errors with the cause; or the error to give up with.
 */
export type RetryPolicy = (cause: SocketError, attempt: number) => number | 'stop' | SocketError

/** Waits for the times in the table, step by step, then always `thenMs`. All in milliseconds. */
export const steppedBackoff = (stepsMs: readonly number[], thenMs: number): RetryPolicy => {
  if (DEV) checked(Array.isArray(stepsMs), 'steppedBackoff.stepsMs', stepsMs, 'pass a list of milliseconds.')
  for (const ms of [...stepsMs, thenMs]) checkDelay('steppedBackoff', ms)
  return madeFrom((_cause, attempt) => stepsMs[attempt - 1] ?? thenMs, steppedBackoff, stepsMs, thenMs)
}

/** Waits `initialMs`, then `factor` times longer at each failure, at most `maxMs`. Defaults: 100, 2, 30,000. */
export const exponentialBackoff = (
  options: { readonly initialMs?: number; readonly factor?: number; readonly maxMs?: number } = {},
): RetryPolicy => {
  const { initialMs = 100, factor = 2, maxMs = 30_000 } = optionsIn('options', options)
  checkDelay('exponentialBackoff.initialMs', initialMs)
  checkDelay('exponentialBackoff.maxMs', maxMs)
  if (DEV)
    checked(
      typeof factor === 'number' && factor >= 1,
      'exponentialBackoff.factor',
      factor,
      'pass a number of at least 1.',
    )
  return madeFrom(
    (_cause, attempt) => Math.min(maxMs, initialMs && initialMs * factor ** (attempt - 1)),
    exponentialBackoff,
    initialMs,
    factor,
    maxMs,
  )
}

/** Close code of a server that drains its connections before a restart: all its clients come back together. */
const SERVICE_RESTART = 1012
const RESTART_WINDOW_MS = 5_000

/**
 * Spreads the waits of a policy evenly between 0 and its delay, so that the clients of a server that was away do
 * not come back in step. After close code 1012 the window is at least 5 s, since then all of them are on the way.
 *
 * @param random - gives numbers from 0 to 1, 1 excluded. Default: `Math.random`.
 * @throws `InvalidArgument` if an argument is not a function.
 */
export const fullJitter = (policy: RetryPolicy, random: () => number = Math.random): RetryPolicy => {
  callable('fullJitter.policy', policy)
  callable('fullJitter.random', random)
  const jittered: RetryPolicy = (cause, attempt) => {
    const windowMs = policy(cause, attempt)
    if (typeof windowMs !== 'number') return windowMs
    const drained = cause._tag === 'ConnectionClosed' && cause.code === SERVICE_RESTART
    return Math.round(random() * (drained ? Math.max(windowMs, RESTART_WINDOW_MS) : windowMs))
  }
  return madeFrom(jittered, fullJitter, policy, random)
}

/**
 * Waits as long as the server asks for in the HTTP header `retry-after` of a refusal, and the delay of the policy on top, so
 * that jitter still spreads clients that got the same header. Where the header is not seen, as in browsers, this does
 * nothing. `wake` ends the wait early, as every wait.
 *
 * @param maxMs - the longest time that a server may ask for, in milliseconds. Default: 300,000.
 */
export const heedRetryAfter = (policy: RetryPolicy, maxMs = 300_000): RetryPolicy => {
  callable('heedRetryAfter.policy', policy)
  checkDelay('heedRetryAfter.maxMs', maxMs)
  const heeding: RetryPolicy = (cause, attempt) => {
    const delayMs = policy(cause, attempt)
    return typeof delayMs === 'number' && cause._tag === 'ConnectionRefused'
      ? delayMs + Math.min(cause.retryAfterMs ?? 0, maxMs)
      : delayMs
  }
  return madeFrom(heeding, heedRetryAfter, policy, maxMs)
}

/**
 * What `stopAfter` and `stopOn` make. Given a policy it is that policy with an end: `stopAfter(20)(exponentialBackoff())`. It
 * is a policy itself too, with the default waits of a socket and of a channel: `{ reconnect: stopAfter(20) }`.
 */
export interface StopPolicy {
  (policy: RetryPolicy): RetryPolicy
  (cause: SocketError, attempt: number): ReturnType<RetryPolicy>
}

/**
 * Gives up at failure number `attempts + 1`: `stopAfter(3)(policy)` tries again three times.
 *
 * @throws `InvalidArgument` if `attempts` is not a whole number, or the policy not a function.
 */
export const stopAfter = (attempts: number): StopPolicy => {
  if (DEV)
    checked(
      Number.isInteger(attempts) && attempts >= 0,
      'stopAfter.attempts',
      attempts,
      'pass a whole number of retries, 0 or more.',
    )
  return stopWhen((_cause, attempt) => attempt > attempts, stopAfter, attempts)
}

/**
 * Gives up on the causes for which the predicate is true.
 *
 * @throws `InvalidArgument` if the predicate or the policy is not a function.
 */
export const stopOn = (predicate: (cause: SocketError) => boolean): StopPolicy =>
  stopWhen(callable('stopOn.predicate', predicate), stopOn, predicate)

const stopWhen = (
  isOver: (cause: SocketError, attempt: number) => boolean,
  ...from: readonly unknown[]
): StopPolicy => {
  const ending = (policy: RetryPolicy): RetryPolicy =>
    madeFrom((cause, attempt) => (isOver(cause, attempt) ? 'stop' : policy(cause, attempt)), ...from, policy)
  const byItself = ending((cause, attempt) =>
    (ofChannel.has(cause._tag) ? defaultRejoin : defaultReconnect)(cause, attempt),
  )
  function stop(policy: RetryPolicy): RetryPolicy
  function stop(cause: SocketError, attempt: number): ReturnType<RetryPolicy>
  function stop(first: RetryPolicy | SocketError, attempt = 1): RetryPolicy | ReturnType<RetryPolicy> {
    if (typeof first === 'function') return ending(first)
    if (DEV) checked(Object(first) === first, 'policy', first, 'pass a retry policy.')
    return byItself(first, attempt)
  }
  return madeFrom(stop, ...from)
}

/** Causes that are never those of a connection. */
const ofChannel: ReadonlySet<SocketError['_tag']> = /* @__PURE__ */ new Set([
  'JoinRefused',
  'TooManyChannels',
  'JoinTimeout',
  'ChannelCrashed',
] as const)

const checkDelay = (argument: string, ms: number): number =>
  !DEV ? ms : checked(typeof ms === 'number' && ms >= 0, argument, ms, 'pass milliseconds, 0 or more.')

/** The tables of Phoenix's own client (phoenix.js 1.8.16, `assets/js/phoenix/socket.js`), without jitter. */
export const phoenixReconnect: RetryPolicy = steppedBackoff(
  [10, 50, 100, 150, 200, 250, 500, 1000, 2000],
  5000,
)
export const phoenixRejoin: RetryPolicy = steppedBackoff([1000, 2000, 5000], 10_000)

/** The table of Phoenix's own client, with full jitter, after the time that the server asks for with `retry-after`. */
export const defaultReconnect: RetryPolicy = heedRetryAfter(fullJitter(phoenixReconnect))

/**
 * The table of Phoenix's own client. A first join that the server refused is not retried. A refused rejoin is, since a server
 * that is starting up or limits its rate refuses only for a moment.
 */
export const defaultRejoin: RetryPolicy = (cause, attempt) =>
  (cause._tag === 'JoinRefused' || cause._tag === 'TooManyChannels') && !cause.rejoin
    ? 'stop'
    : phoenixRejoin(cause, attempt)

/**
 * The waits of Phoenix's own client, for those who come from there: the tables of phoenix.js 1.8.16 without jitter, and
 * nothing that stops, so that a refused join is tried again too. To be spread into the options:
 * `phoenixSocket(url, { ...phoenixJsPolicies() })`.
 *
 * The socket still resets the count only after the server's first answer; phoenix.js resets it when the connection opens.
 */
export const phoenixJsPolicies = (): { readonly reconnect: RetryPolicy; readonly rejoin: RetryPolicy } => ({
  reconnect: phoenixReconnect,
  rejoin: phoenixRejoin,
})
