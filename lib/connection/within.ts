import { type MonoTypeOperatorFunction, Observable, type Subscriber } from 'rxjs'
import { type Expiring, type TimeLimits } from './time-limits.ts'

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
      new Limited(timeoutMs, limits, late, subscriber).start()
      source$.subscribe(subscriber)
    })

/** An object, since a thousand pushes may wait: it keeps nothing of the source, as closures would. */
class Limited implements Expiring {
  private readonly timeoutMs: number
  private readonly limits: TimeLimits
  private readonly late: () => Error | undefined
  private readonly subscriber: Subscriber<unknown>

  constructor(
    timeoutMs: number,
    limits: TimeLimits,
    late: () => Error | undefined,
    subscriber: Subscriber<unknown>,
  ) {
    this.timeoutMs = timeoutMs
    this.limits = limits
    this.late = late
    this.subscriber = subscriber
  }

  start(): void {
    this.subscriber.add(this.limits(this.timeoutMs, this))
  }

  expire(): void {
    const error = this.late()
    if (error) this.subscriber.error(error)
    else this.start()
  }
}
