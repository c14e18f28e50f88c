import {
  catchError,
  defer,
  ignoreElements,
  merge,
  type MonoTypeOperatorFunction,
  Observable,
  of,
  type SchedulerLike,
  take,
  throwError,
  timer,
} from 'rxjs'
import { InputFailed } from '../protocol/connection-error.ts'
import { DEV } from '../protocol/dev.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type RetryPolicy } from './retry-policy.ts'

/** When the wait that a state shows ends, on the scheduler's clock. For snapshots; not a field, since users see the states. */
export const retriesAt: WeakMap<object, number> = new WeakMap()

/** What is tried, when it is tried again, and what is shown meanwhile. */
export interface Retrying<A, E extends SocketError> {
  /** The name of the option that holds the policy, for the error if the policy throws. */
  readonly name: string
  readonly scheduler: SchedulerLike
  /** Ends a wait early. */
  readonly retryNow$: Observable<unknown>
  /** One attempt, given the number of failures so far: 0 at the first. It calls `proved()` when it has succeeded, which resets that number. */
  attempt(failures: () => number, proved: () => void): Observable<A>
  /** What the policy says of a failure. */
  decide(cause: E, attempt: number): ReturnType<RetryPolicy>
  /** The value that stands for the wait. */
  waiting(failures: number, retryInMs: number, cause: E): A
}

/**
 * Runs attempts until one completes. After each that errors it shows the wait and tries again, as the policy decides. Errors
 * with the cause when the policy returns `stop`, with the error that it returns, and with `InputFailed` when it throws.
 *
 *     attempt  a-#
 *     attempt        a-b|
 *     retryBy  a-w---a-b|
 */
export const retryBy = <A extends object, E extends SocketError>(retrying: Retrying<A, E>): Observable<A> =>
  defer(() => {
    let failures = 0
    const proved = (): void => {
      failures = 0
    }
    return defer(() => retrying.attempt(() => failures, proved)).pipe(
      // Not `retry`: the failed attempt has to be over before anybody is shown the wait.
      catchError((cause: E, again$) => {
        const { retryNow$, scheduler } = retrying
        failures += 1
        const delay = nextDelay(retrying, cause, failures)
        if (typeof delay !== 'number') return throwError(() => (delay === 'stop' ? cause : delay))
        const shown = retrying.waiting(failures, delay, cause)
        retriesAt.set(shown, scheduler.now() + delay)
        const over$ = merge(timer(delay, scheduler), retryNow$).pipe(take(1), ignoreElements())
        // The end of the wait first: a subscriber may answer the wait with what ends it, such as a new token.
        return merge(over$, of(shown)).pipe(before(again$))
      }),
    )
  })

/** A `concatWith` that keeps nothing of the first source once the second is subscribed: retries may go on for years. */
const before =
  <A>(second$: Observable<A>): MonoTypeOperatorFunction<A> =>
  (first$) =>
    new Observable((subscriber) => {
      const next = (value: A): void => {
        subscriber.next(value)
      }
      const complete = (): void => {
        second$.subscribe(subscriber)
      }
      return first$.subscribe({ next, complete })
    })

const nextDelay = <A, E extends SocketError>(
  retrying: Retrying<A, E>,
  cause: E,
  failures: number,
): ReturnType<RetryPolicy> => {
  const { name } = retrying
  try {
    const delay = retrying.decide(cause, failures)
    if (delay === 'stop' || delay instanceof Error) return delay
    if (typeof delay === 'number' && delay >= 0) return heldDelay(delay)
    return new InputFailed(
      name,
      new RangeError(
        DEV ? `a retry policy returned ${String(delay)}; return milliseconds or 'stop'` : String(delay),
      ),
    )
  } catch (error) {
    return new InputFailed(name, error)
  }
}
