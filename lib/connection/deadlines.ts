import { type SchedulerLike, type Subscription } from 'rxjs'
import { type DeadlineSnapshot } from './snapshot.ts'

/** Whoever has a deadline, one at a time. It is the deadline's entry itself: there may be as many as there are pushes. */
export interface Timed {
  /** When it was set, on the clock of the scheduler. For the queue to write. */
  setAt: number
  /** It has passed. */
  timeOut(timeoutMs: number): void
}

/**
 * Deadlines of one duration. They pass in the order in which they were set, so one timer serves them all, and setting
 * and clearing one costs an entry in a Set: a push is not worth a timer of its own when a thousand share a duration.
 */
export class DeadlineQueue {
  readonly #pending: Set<Timed> = new Set()
  readonly timeoutMs: number
  readonly #scheduler: SchedulerLike
  #timer: Subscription | undefined
  #now = 0

  constructor(timeoutMs: number, scheduler: SchedulerLike) {
    this.timeoutMs = timeoutMs
    this.#scheduler = scheduler
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0
  }

  set(owner: Timed): this {
    owner.setAt = this.#readClock()
    this.#pending.add(owner)
    this.#timer ??= this.#schedule(this.timeoutMs)
    return this
  }

  clear(owner: Timed): void {
    this.#pending.delete(owner)
    if (this.#pending.size > 0) return
    this.#timer?.unsubscribe()
    this.#timer = undefined
  }

  inspect(atMs: number): DeadlineSnapshot[] {
    const [oldest] = this.#pending
    return oldest
      ? [{ timeoutMs: this.timeoutMs, pending: this.#pending.size, ageMs: atMs - oldest.setAt }]
      : []
  }

  #schedule(delayMs: number): Subscription {
    return this.#scheduler.schedule(() => {
      this.#timer = undefined
      this.#pass()
    }, delayMs)
  }

  #pass(): void {
    const now = this.#readClock()
    for (const deadline of this.#pending) {
      const remainingMs = deadline.setAt + this.timeoutMs - now
      if (remainingMs > 0) {
        // Anew, since a deadline that has passed may have set another one, and with it the timer, for a full duration.
        this.#timer?.unsubscribe()
        this.#timer = this.#schedule(remainingMs)
        return
      }
      this.#pending.delete(deadline)
      deadline.timeOut(this.timeoutMs)
    }
  }

  /** A clock that was set back would make every deadline late by the same span, so they are set back with it. */
  #readClock(): number {
    const now = this.#scheduler.now()
    if (now < this.#now) for (const deadline of this.#pending) deadline.setAt -= this.#now - now
    this.#now = now
    return now
  }
}

/** Deadlines of any duration, on one scheduler. */
export interface Deadlines {
  /** Calls `timeOut` of the owner after so many milliseconds, unless it is cleared from the queue that this gives. */
  readonly set: (timeoutMs: number, owner: Timed) => DeadlineQueue
  readonly inspect: (atMs: number) => DeadlineSnapshot[]
}

/** Shares one timer among all deadlines of equal duration. No timer runs while none is set. */
export const deadlines = (scheduler: SchedulerLike): Deadlines => {
  const queues: Map<number, DeadlineQueue> = new Map()
  return {
    set: (timeoutMs, owner) => {
      let queue = queues.get(timeoutMs)
      if (!queue) {
        for (const [unused, { isEmpty }] of queues) if (isEmpty) queues.delete(unused)
        queues.set(timeoutMs, (queue = new DeadlineQueue(timeoutMs, scheduler)))
      }
      return queue.set(owner)
    },
    inspect: (atMs) => [...queues.values()].flatMap((queue) => queue.inspect(atMs)),
  }
}
