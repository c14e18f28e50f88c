import {
  type MonoTypeOperatorFunction,
  Observable,
  type SchedulerLike,
  type Subscriber,
  type Subscription,
  type Unsubscribable,
} from 'rxjs'

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
      subscriber.add(new Limited(limits(timeoutMs), late, subscriber))
      source$.subscribe(subscriber)
    })

/** An object, since a thousand pushes may wait: it keeps nothing of the source, as closures would. */
class Limited implements Expiring, Unsubscribable {
  startedAt = 0

  constructor(
    private readonly limits: SharedTimer,
    private readonly late: () => Error | undefined,
    private readonly subscriber: Subscriber<unknown>,
  ) {
    limits.start(this)
  }

  expire(): void {
    const error = this.late()
    if (error) this.subscriber.error(error)
    else this.limits.start(this)
  }

  unsubscribe(): void {
    this.limits.end(this)
  }
}

/** What has a time limit. */
export interface Expiring {
  /** Set by the timer, on the clock of the scheduler. */
  startedAt: number
  /** The time is over. */
  expire(): void
}

/** Limits of one duration expire in the order in which they started, so one timer serves them all. */
export class SharedTimer {
  private readonly running: Set<Expiring> = new Set()
  private timer: Subscription | undefined

  constructor(
    private readonly timeoutMs: number,
    private readonly scheduler: SchedulerLike,
  ) {}

  get isIdle(): boolean {
    return this.running.size === 0
  }

  /** Calls `expire` when the time is over, unless it is ended first. */
  start(limited: Expiring): void {
    limited.startedAt = this.scheduler.now()
    this.running.add(limited)
    if (this.running.size === 1) this.await(limited.startedAt, this.timeoutMs)
  }

  end(limited: Expiring): void {
    if (this.running.delete(limited) && this.isIdle) this.timer?.unsubscribe()
  }

  private await(startedAt: number, delayMs: number): void {
    this.timer?.unsubscribe()
    this.timer = this.scheduler.schedule(() => {
      this.expireFrom(startedAt)
    }, delayMs)
  }

  /** @param startedAt - when the limit started for which the timer was set. */
  private expireFrom(startedAt: number): void {
    const { running, scheduler, timeoutMs } = this
    const now = scheduler.now()
    // That time is over. If the clock says otherwise, it was set back, and all that started before then go with it.
    const setBackMs = startedAt + timeoutMs - now
    if (setBackMs > 0)
      for (const limited of running) if (limited.startedAt >= now) limited.startedAt -= setBackMs
    for (const limited of running) {
      const leftMs = limited.startedAt + timeoutMs - scheduler.now()
      if (leftMs > 0) {
        this.await(limited.startedAt, Math.min(leftMs, timeoutMs))
        return
      }
      running.delete(limited)
      limited.expire()
    }
  }
}

/** The timer for one duration. */
export type TimeLimits = (timeoutMs: number) => SharedTimer

/** Time limits of the same duration share one timer, since thousands of pushes may be in flight. */
export const timeLimits = (scheduler: SchedulerLike): TimeLimits => {
  const timers: Map<number, SharedTimer> = new Map()
  return (timeoutMs) => {
    const found = timers.get(timeoutMs)
    if (found) return found
    for (const [duration, { isIdle }] of timers) if (isIdle) timers.delete(duration)
    const timer = new SharedTimer(timeoutMs, scheduler)
    timers.set(timeoutMs, timer)
    return timer
  }
}
