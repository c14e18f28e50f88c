import {
  asyncScheduler,
  catchError,
  defer,
  finalize,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  type ObservableInput,
  of,
  type OperatorFunction,
  type SchedulerLike,
  tap,
  throwError,
} from 'rxjs'
import { type RetryPolicy } from '../index.ts'
import { attempts, failure, type Retrying, sixTimes } from './attempts.ts'
import { type Eventually } from './checkpoint.ts'
import { amount, callable, duration } from './checks.ts'
import { completeWithin } from './complete-within.ts'
import { type HandlerFailed } from './durable-error.ts'
import { eventually } from './eventually.ts'
import { type Delivery, type FeedEvent, type Gap, type Invalid } from './feed-event.ts'
import { Watermark } from './watermark.ts'

/** Options of `processWith`. */
export interface ProcessOptions<A> {
  /** How many handlers may run together. With 1 (the default) messages are handled in order. */
  readonly concurrency?: number | undefined
  /**
   * When a handler that failed is called again, and for how long. The policy sees the error of the handler if that has a
   * `_tag`, as those of pushes have, else a `HandlerFailed`. Default: five more times, after 100, 200, … 1,600 ms.
   */
  readonly retry?: RetryPolicy | undefined
  /**
   * Puts a message aside for which the policy stops: keep it somewhere. When what this gives has ended, the message counts
   * as done. Without it the stream errors with `HandlerFailed`.
   */
  readonly deadLetter?:
    ((value: A, error: HandlerFailed, delivery: Delivery<A>) => Eventually<unknown>) | undefined
  /** Milliseconds for one call of the handler, until what it gives has ended. `Infinity`: no limit. Default: 60,000. */
  readonly timeoutMs?: number | undefined
  /** The clock of waits and timeouts. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined
}

/**
 * Runs a handler for each delivery of a feed, and commits the highest position up to which all are done.
 *
 * The handler gives a Promise or an Observable; it is done when that completes, and what that emits is emitted. It may run
 * again for the same message: after a failure, and after a crash for what was done and not saved yet, so what it does
 * must bear that, or carry a key by which the other side knows it. A `Gap` and an `invalid` message pass, in their place.
 *
 * Handlers do not hold up the channel: what they have not done waits, at most as much as `readAhead` of the feed, which then
 * stops reading. Completes when the feed has completed and all are done. Errors with `HandlerFailed`, unless
 * `deadLetter` puts the message aside; its position is not committed then. Unsubscribing ends the handlers that run.
 *
 * @example
 * orders.pipe(processWith((order) => settle(order), { concurrency: 8, deadLetter: (order) => park(order) }))
 *
 * @throws `InvalidArgument` for options that cannot work.
 */
export const processWith = <A, R>(
  handler: (value: A, delivery: Delivery<A>) => ObservableInput<R>,
  options: ProcessOptions<A> = {},
): OperatorFunction<FeedEvent<A>, R | Gap | Invalid> => {
  const { concurrency = 1, deadLetter } = options
  callable('handler', handler, false)
  callable('deadLetter', deadLetter)
  callable('retry', options.retry)
  amount('concurrency', concurrency)
  const retrying: Retrying = {
    policy: options.retry ?? sixTimes,
    timeoutMs: duration('timeoutMs', options.timeoutMs ?? 60_000, true),
    scheduler: options.scheduler ?? asyncScheduler,
  }

  const handle = (delivery: Delivery<A>): Observable<R> => {
    const handled$ = attempts(handler, delivery, retrying)
    if (!deadLetter) return handled$
    return handled$.pipe(
      catchError((error: HandlerFailed) =>
        eventually(() => deadLetter(delivery.value, error, delivery)).pipe(
          completeWithin(retrying.timeoutMs, retrying.scheduler, () =>
            failure(delivery, error.attempts, 'timeout'),
          ),
          ignoreElements(),
          catchError((cause: unknown) =>
            throwError(() => failure(delivery, error.attempts, 'dead-letter', cause)),
          ),
        ),
      ),
    )
  }

  return (events$) =>
    defer(() => {
      const watermark = new Watermark<A>()
      return events$.pipe(
        // Before they wait for a handler, so that the feed counts those that do.
        map((event) => (event.type === 'delivery' ? watermark.add(event) : event)),
        mergeMap(
          (item) =>
            'done' in item
              ? handle(item.delivery).pipe(
                  tap({
                    complete: () => {
                      watermark.done(item)
                    },
                  }),
                )
              : of(item),
          concurrency,
        ),
        // The feed may have other subscribers, and must not wait for what is in hand here.
        finalize(() => {
          watermark.release()
        }),
      )
    })
}
