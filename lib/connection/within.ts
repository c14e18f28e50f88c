import { type MonoTypeOperatorFunction, Observable } from 'rxjs'
import { type TimeLimits } from './time-limits.ts'

/**
 * A `timeout` for the whole source: errors if the source has not ended in time.
 *
 *     source  ------------
 *     within  -----#
 *
 * @param limits - share one timer among all sources with the same time.
 * @param late - returns the error, or undefined to wait for the same time again.
 */
export const within =
  <A>(timeoutMs: number, limits: TimeLimits, late: () => Error | undefined): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      if (subscriber.closed) return
      const pass = (): void => {
        const error = late()
        if (error) subscriber.error(error)
        else subscriber.add(limits(timeoutMs, pass))
      }
      subscriber.add(limits(timeoutMs, pass))
      source$.subscribe(subscriber)
    })
