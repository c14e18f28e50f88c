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
  /** How many handlers may run at the same time. Default: 1, so messages are handled in order. */
  readonly concurrency?: number | undefined
  /**
   * When a handler that failed is called again, and how often. The policy gets the error of the handler if it has a `_tag`, as
   * the errors of pushes do, otherwise a `HandlerFailed`. Default: five more times, after 100, 200, 400, 800 and 1,600 ms.
   */
  readonly retry?: RetryPolicy | undefined
  /**
   * Called with a message for which the policy has stopped: store it somewhere. When the Promise that it returns has resolved, or
   * the Observable has completed, the message counts as done; `timeoutMs` applies here, too. Default: the stream errors with
   * `HandlerFailed`.
   */
  readonly deadLetter?:
    ((value: A, error: HandlerFailed, delivery: Delivery<A>) => Eventually<unknown>) | undefined
  /** Milliseconds until what one call of the handler returns must have completed. `Infinity`: no limit. Default: 60,000. */
  readonly timeoutMs?: number | undefined
  /** The clock of waits and timeouts. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined
}

/**
 * Runs a handler for each delivery of a feed, and commits the highest position up to which all are done.
 *
 * The handler returns a Promise or an Observable, whose values are emitted; it is done when the Promise resolves or the
 * Observable completes. It may run again for the same message: after a failure, and after a crash for messages that were done but
 * not saved yet. So a repetition must do no harm, or carry an idempotency key that the other side checks. A `Gap` and an `invalid`
 * message are passed on, in order.
 *
 * Slow handlers do not block the channel: up to `readAhead` messages wait, then the feed stops reading. Completes when the feed
 * has completed and all handlers are done. Errors as the feed does, and with `HandlerFailed` if a handler fails for the last time
 * and there is no `deadLetter`; the position then stays before that message. Unsubscribing unsubscribes from running handlers.
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
        // Before they wait for a handler, so that the feed counts them.
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
        // The feed may have other subscribers, and must not wait for these deliveries any longer.
        finalize(() => {
          watermark.release()
        }),
      )
    })
}
