import { type SchedulerLike, type Subscription, type Unsubscribable } from 'rxjs'

/** A limit that is running; unsubscribing ends it. */
class TimeLimit implements Unsubscribable {
  readonly pass: () => void
  startedAt: number
  private readonly limits: LimitsOfOneDuration

  constructor(limits: LimitsOfOneDuration, pass: () => void, startedAt: number) {
    this.limits = limits
    this.pass = pass
    this.startedAt = startedAt
  }

  unsubscribe(): void {
    this.limits.delete(this)
  }
}

/** Limits of one duration expire in the order in which they started, so one timer serves them all. */
class LimitsOfOneDuration {
  private readonly timeoutMs: number
  private readonly scheduler: SchedulerLike
  private readonly running: Set<TimeLimit> = new Set()
  private timer: Subscription | undefined

  constructor(timeoutMs: number, scheduler: SchedulerLike) {
    this.timeoutMs = timeoutMs
    this.scheduler = scheduler
  }

  get isEmpty(): boolean {
    return this.running.size === 0
  }

  start(pass: () => void): TimeLimit {
    const limit = new TimeLimit(this, pass, this.scheduler.now())
    this.running.add(limit)
    if (this.running.size === 1) this.await(limit, this.timeoutMs)
    return limit
  }

  delete(limit: TimeLimit): void {
    if (this.running.delete(limit) && this.isEmpty) this.timer?.unsubscribe()
  }

  private await(first: TimeLimit, delayMs: number): void {
    this.timer?.unsubscribe()
    this.timer = this.scheduler.schedule(() => {
      this.passFrom(first)
    }, delayMs)
  }

  /** @param first - the limit for which the timer was set. */
  private passFrom(first: TimeLimit): void {
    this.followClock(first)
    for (const limit of this.running) {
      const leftMs = limit.startedAt + this.timeoutMs - this.scheduler.now()
      if (leftMs > 0) {
        this.await(limit, Math.min(leftMs, this.timeoutMs))
        return
      }
      this.running.delete(limit)
      limit.pass()
    }
  }

  /** The time of the first is over. If the clock says otherwise, it was set back, and all that started before then go with it. */
  private followClock({ startedAt }: TimeLimit): void {
    const now = this.scheduler.now()
    const setBackMs = startedAt + this.timeoutMs - now
    if (setBackMs > 0)
      for (const limit of this.running) if (limit.startedAt >= now) limit.startedAt -= setBackMs
  }
}

/** Starts a time limit: calls `pass` after `timeoutMs`, unless it is unsubscribed first. */
export type TimeLimits = (timeoutMs: number, pass: () => void) => Unsubscribable

/** Time limits of the same duration share one timer, since thousands of pushes may be in flight. */
export const timeLimits = (scheduler: SchedulerLike): TimeLimits => {
  const byDuration: Map<number, LimitsOfOneDuration> = new Map()
  return (timeoutMs, pass) => {
    let limits = byDuration.get(timeoutMs)
    if (!limits) {
      for (const [duration, { isEmpty }] of byDuration) if (isEmpty) byDuration.delete(duration)
      byDuration.set(timeoutMs, (limits = new LimitsOfOneDuration(timeoutMs, scheduler)))
    }
    return limits.start(pass)
  }
}
