/** Whose join it is. */
export interface Joiner {
  /** It is its turn: sends the join. */
  sendJoin(): void
}

/** S8: the joins of one connection, of which so many are in flight; the others wait in order. */
export class JoinsModel {
  readonly #limit: number
  readonly #changed: () => void
  readonly #inFlight: Set<Joiner> = new Set()
  readonly #queue: Set<Joiner> = new Set()
  /** A join was not answered in time: until the server says something, joins are no excuse for its silence. */
  #suspect = false

  /** @param changed - called whenever the server may have begun or ceased to be busy with joins. */
  constructor(limit: number, changed: () => void) {
    this.#limit = limit
    this.#changed = changed
  }

  get busy(): boolean {
    return !this.#suspect && this.#inFlight.size > 0
  }

  ask(joiner: Joiner): void {
    if (this.#inFlight.size < this.#limit) this.#start(joiner)
    else this.#queue.add(joiner)
  }

  /** Answered, timed out or given up. */
  done(joiner: Joiner): void {
    this.#queue.delete(joiner)
    if (!this.#inFlight.delete(joiner)) return
    this.#changed()
    const [next] = this.#queue
    if (!next || this.#inFlight.size >= this.#limit) return
    this.#queue.delete(next)
    this.#start(next)
  }

  suspect(is: boolean): void {
    if (this.#suspect === is) return
    this.#suspect = is
    this.#changed()
  }

  #start(joiner: Joiner): void {
    this.#inFlight.add(joiner)
    this.#changed()
    joiner.sendJoin()
  }
}
