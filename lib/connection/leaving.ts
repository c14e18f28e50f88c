import { type SchedulerLike } from 'rxjs'

/** How long the end of a channel that was left is waited for, in ms; it may be twice as long. Phoenix sends it immediately. */
const TURN_MS = 10_000

/** Leaves of one span of time. */
interface Generation {
  /** By join_ref, the ref of the leave: the server has not closed these joins yet. */
  readonly places: Map<string, string>
  /** By the ref of the leave, the join_ref: the server has not answered these leaves yet. */
  readonly awaited: Map<string, string>
}

const generation = (): Generation => ({ places: new Map(), awaited: new Map() })

/**
 * The joins that have been left and whose `phx_close` has not come: the server still counts them. A server does not answer
 * every leave, and does not close every join, so what was left long ago is forgotten: in two generations, which costs no
 * timer.
 */
export class Leaving {
  readonly #scheduler: Pick<SchedulerLike, 'now'>
  #recent: Generation = generation()
  #former: Generation = generation()
  #turnedAt: number

  constructor(scheduler: Pick<SchedulerLike, 'now'>) {
    this.#scheduler = scheduler
    this.#turnedAt = scheduler.now()
  }

  /** How many joins the server still counts. */
  get size(): number {
    this.#turn()
    return this.#recent.places.size + this.#former.places.size
  }

  /** How many leaves it has not answered. */
  get awaited(): number {
    this.#turn()
    return this.#recent.awaited.size + this.#former.awaited.size
  }

  add(joinRef: string, ref: string): void {
    this.#turn()
    this.#recent.places.set(joinRef, ref)
    this.#recent.awaited.set(ref, joinRef)
  }

  /** The server has closed a join. False if it had not been left, or long ago. */
  delete(joinRef: string): boolean {
    for (const { places, awaited } of [this.#recent, this.#former]) {
      const ref = places.get(joinRef)
      if (ref === undefined) continue
      places.delete(joinRef)
      // It answers no leave whose join is gone.
      awaited.delete(ref)
      return true
    }
    return false
  }

  /** Takes the answer to a leave. False if it is none. */
  answered(ref: string, status: string): boolean {
    for (const { places, awaited } of [this.#recent, this.#former]) {
      const joinRef = awaited.get(ref)
      if (joinRef === undefined) continue
      awaited.delete(ref)
      // "unmatched topic": the server did not know the join, so it will not close it either.
      if (status !== 'ok') places.delete(joinRef)
      return true
    }
    return false
  }

  #turn(): void {
    const now = this.#scheduler.now()
    const elapsedMs = now - this.#turnedAt
    // Below 0: the clock was set back.
    if (elapsedMs >= 0 && elapsedMs < TURN_MS) return
    this.#former = elapsedMs < 2 * TURN_MS ? this.#recent : generation()
    this.#recent = generation()
    this.#turnedAt = now
  }
}
