import { type SchedulerLike, type Subscription, type Unsubscribable } from 'rxjs'

/** What a time limit is set for. */
export interface Expiring {
  /** The time is over. */
  expire(): void
}

/** A limit that is running; unsubscribing ends it. */
class TimeLimit implements Unsubscribable {
  readonly limited: Expiring
  startedAt: number
  private readonly limits: LimitsOfOneDuration

  constructor(limits: LimitsOfOneDuration, limited: Expiring, startedAt: number) {
    this.limits = limits
    this.limited = limited
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

  start(limited: Expiring): TimeLimit {
    const limit = new TimeLimit(this, limited, this.scheduler.now())
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
      this.expireFrom(first)
    }, delayMs)
  }

  /** @param first - the limit for which the timer was set. */
  private expireFrom(first: TimeLimit): void {
    this.followClock(first)
    for (const limit of this.running) {
      const leftMs = limit.startedAt + this.timeoutMs - this.scheduler.now()
      if (leftMs > 0) {
        this.await(limit, Math.min(leftMs, this.timeoutMs))
        return
      }
      this.running.delete(limit)
      limit.limited.expire()
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

/** Starts a time limit: calls `expire` after `timeoutMs`, unless it is unsubscribed first. */
export type TimeLimits = (timeoutMs: number, limited: Expiring) => Unsubscribable

/** Time limits of the same duration share one timer, since thousands of pushes may be in flight. */
export const timeLimits = (scheduler: SchedulerLike): TimeLimits => {
  const byDuration: Map<number, LimitsOfOneDuration> = new Map()
  return (timeoutMs, limited) => {
    let limits = byDuration.get(timeoutMs)
    if (!limits) {
      for (const [duration, { isEmpty }] of byDuration) if (isEmpty) byDuration.delete(duration)
      byDuration.set(timeoutMs, (limits = new LimitsOfOneDuration(timeoutMs, scheduler)))
    }
    return limits.start(limited)
  }
}
