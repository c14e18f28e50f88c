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
  /** Of the waiting joins, those with a higher priority start first. */
  readonly priority: number
  readonly start: () => void
}

/**
 * The joins of one connection. A server handles them one after the other and answers nothing else meanwhile, so only a
 * limited number is sent at a time. The others wait, higher priorities first, equal ones in order. While a join is in flight,
 * silence does not prove that the server is dead.
 */
export class JoinTurns {
  private readonly limit: number
  /** In order. Those before `next` have started or were cancelled; `shift` instead would be quadratic in the number of joins. */
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

  /** Whether a join awaits its reply. */
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

  /** The join has ended, or was cancelled. */
  delete(turn: Turn): void {
    this.waiting.delete(turn)
    if (this.running.delete(turn)) this.fill()
  }

  /** Starts no join while `addAll` runs, so that priority orders all the joins that it adds. */
  together(addAll: () => void): void {
    this.paused = true
    try {
      addAll()
    } finally {
      this.paused = false
      this.fill()
    }
  }

  /** Forgets all waiting joins. */
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
    // A join that ends while it is being started does not start the next one: ten thousand of them would overflow the stack.
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

/** Subscribes to the source when its turn comes. The turn ends with that subscription. */
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
