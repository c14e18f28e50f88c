import {
  defer,
  distinctUntilChanged,
  map,
  type MonoTypeOperatorFunction,
  Observable,
  startWith,
  Subject,
} from 'rxjs'

interface Turn {
  /** Of those that wait, the ones with a higher priority come first. */
  readonly priority: number
  readonly start: () => void
}

/**
 * The joins of one connection. A server runs them one after the other and answers nothing else meanwhile, so a limited number
 * is sent at a time; the others wait, those with a higher priority first, else in order. While any is under way, silence of
 * the server means nothing.
 */
export class JoinTurns {
  private readonly limit: number
  /** In order. Those in front of `next` have started, or were cancelled: an array's `shift` is quadratic in all. */
  private queue: Turn[] = []
  private next = 0
  private readonly waiting: Set<Turn> = new Set()
  private readonly running: Set<Turn> = new Set()
  private readonly changes$: Subject<void> = new Subject()
  private paused = false
  private suspected = false

  constructor(limit: number) {
    this.limit = limit
  }

  /** Whether a join has been sent and is not answered. */
  get any(): boolean {
    return this.running.size > 0
  }

  /** True while joins keep the server from answering anything else. */
  get busy$(): Observable<boolean> {
    return defer(() =>
      this.changes$.pipe(
        startWith(undefined),
        map(() => this.any && !this.suspected),
        distinctUntilChanged(),
      ),
    )
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

  /** A join was not answered in time: until the server sends something, joins do not excuse its silence. */
  suspect(suspected: boolean): void {
    if (suspected === this.suspected) return
    this.suspected = suspected
    this.changes$.next()
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
    this.changes$.next()
  }
}

/** Subscribes to a source when its turn has come. The turn is over when that subscription ends. */
export const inTurn =
  <A>(turns: JoinTurns, priority: number): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      const turn: Turn = { priority, start: () => source$.subscribe(subscriber) }
      subscriber.add(() => {
        turns.delete(turn)
      })
      if (!subscriber.closed) turns.add(turn)
    })
