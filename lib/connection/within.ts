import { type MonoTypeOperatorFunction, Observable, type SchedulerLike } from 'rxjs'

/**
 * `timeout` for a whole source: errors if it has not ended in time.
 *
 *     source  ------------
 *     within  -----#
 *
 * @param late - the error; or undefined, to wait for the same time again.
 */
export const within =
  <A>(
    timeoutMs: number,
    scheduler: SchedulerLike,
    late: () => Error | undefined,
  ): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      if (subscriber.closed) return
      subscriber.add(
        scheduler.schedule(function () {
          const error = late()
          if (error) subscriber.error(error)
          else this.schedule(undefined, timeoutMs)
        }, timeoutMs),
      )
      source$.subscribe(subscriber)
    })
