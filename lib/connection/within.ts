import { type MonoTypeOperatorFunction, Observable } from 'rxjs'
import { type TimeLimits } from './time-limits.ts'

/**
 * `timeout` for a whole source: errors if it has not ended in time.
 *
 *     source  ------------
 *     within  -----#
 *
 * @param limits - share a timer among all sources with the same time.
 * @param late - the error; or undefined, to wait for the same time again.
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
