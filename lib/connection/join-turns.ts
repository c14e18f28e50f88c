import {
  defer,
  distinctUntilChanged,
  map,
  type MonoTypeOperatorFunction,
  Observable,
  startWith,
  Subject,
  type Subscriber,
  type Unsubscribable,
} from 'rxjs'

/** Subscribes to the source when its turn comes. The turn ends with that subscription. */
export const inTurn =
  <A>(turns: JoinTurns, priority: number): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      const turn = new Turn(turns, priority, source$, subscriber)
      subscriber.add(turn)
      if (!subscriber.closed) turns.add(turn)
    })

class Turn<A = unknown> implements Unsubscribable {
  private started = false

  constructor(
    private readonly turns: JoinTurns,
    /** Of the waiting joins, those with a higher priority start first. */
    readonly priority: number,
    private readonly source$: Observable<A>,
    readonly subscriber: Subscriber<A>,
  ) {}

  start(): void {
    this.started = true
    this.source$.subscribe(this.subscriber)
  }

  unsubscribe(): void {
    if (this.started) this.turns.ended()
  }
}

/**
 * The joins of one connection. A server handles them one after the other and answers nothing else meanwhile, so only a
 * limited number is sent at a time. The others wait, higher priorities first, equal ones in order. While a join is in flight,
 * silence does not prove that the server is dead.
 */
export class JoinTurns {
  /** In order. Those before `next` have started; `shift` instead would be quadratic in the number of joins. */
  private queue: Turn[] = []
  private next = 0
  private running = 0
  private readonly changes$: Subject<void> = new Subject()
  private paused = false
  private suspected = false

  constructor(private readonly limit: number) {}

  /** Whether a join awaits its reply. */
  get any(): boolean {
    return this.running > 0
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

  add<A>(turn: Turn<A>): void {
    const { next, queue } = this
    let at = queue.length
    while (at > next && (queue[at - 1]?.priority ?? Infinity) < turn.priority) at -= 1
    queue.splice(at, 0, turn as Turn)
    this.fill()
  }

  /** A join has ended, or was cancelled after its start. */
  ended(): void {
    this.running -= 1
    this.fill()
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
    this.queue = []
    this.next = 0
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
    while (this.running < this.limit && this.next < this.queue.length) {
      const turn = this.queue[this.next++]
      if (!turn || turn.subscriber.closed) continue // cancelled
      this.running += 1
      turn.start()
    }
    this.paused = false
    if (this.next >= this.queue.length) this.clear()
    this.changes$.next()
  }
}
