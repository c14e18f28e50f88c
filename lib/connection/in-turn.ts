import { type MonoTypeOperatorFunction, Observable } from 'rxjs'

interface Turn {
  /** Of those that wait, the ones with a higher priority come first. */
  readonly priority: number
  readonly start: () => void
}

/** Lets a limited number run at a time; the others wait, those with a higher priority first, else in order. */
export class Turns {
  private readonly limit: number
  /** In order. Those in front of `next` have started, or were cancelled: an array's `shift` is quadratic in all. */
  private queue: Turn[] = []
  private next = 0
  private readonly waiting: Set<Turn> = new Set()
  private readonly running: Set<Turn> = new Set()
  private paused = false

  constructor(limit: number) {
    this.limit = limit
  }

  add(turn: Turn): void {
    const { next, queue } = this
    let at = queue.length
    while (at > next && (queue[at - 1]?.priority ?? Infinity) < turn.priority) at -= 1
    queue.splice(at, 0, turn)
    this.waiting.add(turn)
    this.fill()
  }

  /** One is over, or is not wanted any more. */
  delete(turn: Turn): void {
    this.waiting.delete(turn)
    if (this.running.delete(turn)) this.fill()
  }

  /** Starts none while `addAll` runs, so that priority counts for all that it adds. */
  together(addAll: () => void): void {
    this.paused = true
    try {
      addAll()
    } finally {
      this.paused = false
      this.fill()
    }
  }

  /** Forgets all that wait. */
  clear(): void {
    this.waiting.clear()
  }

  private fill(): void {
    if (this.paused) return
    // One that is over within its start does not start the next: ten thousand of them would overflow the stack.
    this.paused = true
    while (this.running.size < this.limit && this.waiting.size > 0) {
      const turn = this.queue[this.next++]
      if (!turn || !this.waiting.delete(turn)) continue
      this.running.add(turn)
      turn.start()
    }
    this.paused = false
    if (this.waiting.size === 0) {
      this.queue = []
      this.next = 0
    }
  }
}

/** Subscribes to a source when its turn has come. The turn is over when that subscription ends. */
export const inTurn =
  <A>(turns: Turns, priority: number): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      const turn: Turn = { priority, start: () => source$.subscribe(subscriber) }
      subscriber.add(() => {
        turns.delete(turn)
      })
      if (!subscriber.closed) turns.add(turn)
    })
