import {
  catchError,
  defer,
  from,
  isObservable,
  type Observable,
  type ObservableInput,
  of,
  retry,
  type SchedulerLike,
  throwError,
  throwIfEmpty,
  timer,
} from 'rxjs'
import { type RetryPolicy, type SocketError } from '../index.ts'
import { completeWithin } from './complete-within.ts'
import { HandlerFailed } from './durable-error.ts'
import { type Delivery } from './feed-event.ts'

/** How a handler is called again. */
export interface Retrying {
  readonly policy: RetryPolicy
  readonly timeoutMs: number
  readonly scheduler: SchedulerLike
}

/** Five more times, after 100, 200, … 1,600 ms. */
export const sixTimes: RetryPolicy = (_cause, attempt) => (attempt > 5 ? 'stop' : 100 * 2 ** (attempt - 1))

/** Calls the handler until it succeeds or the policy stops. Emits its values. Errors with `HandlerFailed`. */
export const attempts = <A, R>(
  handler: (value: A, delivery: Delivery<A>) => ObservableInput<R>,
  delivery: Delivery<A>,
  { policy, timeoutMs, scheduler }: Retrying,
): Observable<R> =>
  defer(() => {
    let called = 0
    const failed = (reason: HandlerFailed['reason'], cause?: unknown): HandlerFailed =>
      failure(delivery, called, reason, cause)
    return defer(() => {
      called += 1
      return call(handler, delivery, failed)
    }).pipe(
      throwIfEmpty(() => failed('empty')),
      completeWithin(timeoutMs, scheduler, () => failed('timeout')),
      catchError((cause: unknown) =>
        throwError(() => (cause instanceof HandlerFailed ? cause : failed('failed', cause))),
      ),
      retry({
        delay: (error: HandlerFailed, attempt) => {
          let next: ReturnType<RetryPolicy>
          try {
            next = policy(tagged(error.cause) ?? (error as unknown as SocketError), attempt)
          } catch (cause) {
            return throwError(() => failed('failed', cause))
          }
          if (typeof next === 'number') return timer(next, scheduler)
          return throwError(() => (next === 'stop' ? error : failed('failed', next)))
        },
      }),
    )
  })

const call = <A, R>(
  handler: (value: A, delivery: Delivery<A>) => ObservableInput<R>,
  delivery: Delivery<A>,
  failed: (reason: HandlerFailed['reason'], cause?: unknown) => HandlerFailed,
): Observable<R> => {
  let result: ObservableInput<R>
  try {
    result = handler(delivery.value, delivery)
  } catch (cause) {
    throw failed('threw', cause)
  }
  // In JavaScript a handler may return nothing: then it is done.
  const input = result as ObservableInput<R> | null | undefined
  return isObservable(input)
    ? input
    : typeof input === 'object' && input !== null
      ? from(input)
      : of(input as R)
}

const tagged = (cause: unknown): SocketError | undefined =>
  typeof (cause as { readonly _tag?: unknown } | null | undefined)?._tag === 'string'
    ? (cause as SocketError)
    : undefined

export const failure = (
  { cursor }: Delivery<unknown>,
  calls: number,
  reason: HandlerFailed['reason'],
  cause?: unknown,
): HandlerFailed => new HandlerFailed({ cursor, attempts: calls, reason, cause })
