import { type SchedulerLike } from 'rxjs'

/** How long the end of a channel that was left is waited for, in ms; it may be twice as long. Phoenix tells it at once. */
const TURN_MS = 10_000

/**
 * The joins, by join_ref, that have been left and whose `phx_close` has not come: the server still counts them. One that
 * never says so would fill it, so whoever has left long ago counts as gone: in two generations, which costs no timer.
 */
export class Leaving {
  readonly #scheduler: Pick<SchedulerLike, 'now'>
  #recent: Set<string> = new Set()
  #former: Set<string> = new Set()
  #turnedAt: number

  constructor(scheduler: Pick<SchedulerLike, 'now'>) {
    this.#scheduler = scheduler
    this.#turnedAt = scheduler.now()
  }

  get size(): number {
    this.#turn()
    return this.#recent.size + this.#former.size
  }

  add(joinRef: string): void {
    this.#turn()
    this.#recent.add(joinRef)
  }

  /** False if it had not left, or long ago. */
  delete(joinRef: string): boolean {
    return this.#recent.delete(joinRef) || this.#former.delete(joinRef)
  }

  #turn(): void {
    const now = this.#scheduler.now()
    const elapsedMs = now - this.#turnedAt
    // Below 0: the clock was set back.
    if (elapsedMs >= 0 && elapsedMs < TURN_MS) return
    this.#former = elapsedMs < 2 * TURN_MS ? this.#recent : new Set()
    this.#recent = new Set()
    this.#turnedAt = now
  }
}
