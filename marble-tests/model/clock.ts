interface Timer {
  readonly at: number
  readonly run: () => void
}

/** The time of the model. Timers that are due at the same moment run in the order in which they were set. */
export class Clock {
  now = 0
  readonly #timers: Set<Timer> = new Set()

  get pending(): number {
    return this.#timers.size
  }

  /** Runs something later, unless the function that is given back is called before. */
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, run }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  advance(ms: number): void {
    const end = this.now + ms
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next)
      this.now = next.at
      next.run()
    }
    this.now = end
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer
    return next
  }
}
