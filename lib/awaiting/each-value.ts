import { DEV } from '../protocol/dev.ts'
import { type Observable, Subject, takeUntil } from 'rxjs'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { stream } from '../connection/checks.ts'
import { BufferOverflow } from './buffer-overflow.ts'
import { Queue } from './queue.ts'

/** Options of `eachValue`. */
export interface EachValueOptions {
  /** How many values may wait for the loop. Default: 1,000. */
  readonly buffer?: number
  /**
   * What happens to a value for which there is no room. `error` (the default): the stream is unsubscribed, what waits is
   * delivered, then the loop throws `BufferOverflow`. `drop-oldest`: the oldest waiting value is dropped. `drop-newest`: it
   * is left out.
   */
  readonly overflow?: 'error' | 'drop-oldest' | 'drop-newest'
}

/**
 * A stream as an AsyncIterable, for `for await`. Each loop has a subscription of its own, made when it asks for its first
 * value, and ended when it is left by `break`, `return` or `throw`. What is buffered is delivered before the stream's
 * error or its end. Its iterator may be looped over too, for the values that have not been taken by hand.
 *
 * @throws `InvalidArgument` for a buffer that is not a whole number above 0, or an unknown overflow.
 */
export const eachValue = <A>(
  stream$: Observable<A>,
  { buffer = 1_000, overflow = 'error' }: EachValueOptions = {},
): AsyncIterable<A> => {
  stream('stream$', stream$)
  if (DEV && (!Number.isInteger(buffer) || buffer < 1))
    throw new InvalidArgument('eachValue.buffer', buffer, 'pass a whole number above 0.')
  if (DEV && !['error', 'drop-oldest', 'drop-newest'].includes(overflow))
    throw new InvalidArgument('eachValue.overflow', overflow, "pass 'error', 'drop-oldest' or 'drop-newest'.")
  return { [Symbol.asyncIterator]: () => new Values(stream$, buffer, overflow) }
}

type Result<A> = IteratorResult<A, undefined>

/** Calls of `next` whose value has not come yet. */
interface Asking<A> {
  readonly resolve: (result: Result<A>) => void
  readonly reject: (error: unknown) => void
}

interface Ending {
  readonly error?: unknown
}

class Values<A> implements AsyncIterableIterator<A, undefined> {
  /** Of the two at most one has something in it. */
  private readonly waiting: Queue<A> = new Queue()
  private readonly asking: Queue<Asking<A>> = new Queue()
  private readonly over$: Subject<void> = new Subject()
  private subscribed = false
  private ending: Ending | undefined

  constructor(
    private readonly stream$: Observable<A>,
    private readonly buffer: number,
    private readonly overflow: Required<EachValueOptions>['overflow'],
  ) {}

  /** Itself, so that a loop continues with the values that `next()` has not taken. */
  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result<A>> {
    return new Promise((resolve, reject) => {
      const asking = { resolve, reject }
      if (this.waiting.size > 0) resolve({ done: false, value: this.waiting.take() })
      else if (this.ending) this.tellEnd(asking)
      else {
        this.asking.add(asking)
        this.subscribe()
      }
    })
  }

  return(): Promise<Result<A>> {
    this.stop()
    return Promise.resolve({ done: true, value: undefined })
  }

  throw(error: unknown): Promise<Result<A>> {
    this.stop()
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is the caller's
    return Promise.reject(error)
  }

  private subscribe(): void {
    if (this.subscribed) return
    this.subscribed = true
    // takeUntil, since a stream may overflow while it is being subscribed and there is no subscription to end yet.
    this.stream$.pipe(takeUntil(this.over$)).subscribe({
      next: (value) => {
        this.receive(value)
      },
      error: (error: unknown) => {
        this.end({ error })
      },
      complete: () => {
        this.end({})
      },
    })
  }

  private receive(value: A): void {
    if (this.asking.size > 0) {
      this.asking.take().resolve({ done: false, value })
      return
    }
    if (this.waiting.size === this.buffer) {
      if (this.overflow === 'drop-newest') return
      if (this.overflow === 'error') {
        this.end({ error: new BufferOverflow({ waiting: this.buffer + 1 }) })
        return
      }
      this.waiting.take()
    }
    this.waiting.add(value)
  }

  private end(ending: Ending): void {
    this.ending ??= ending
    this.over$.next()
    while (this.asking.size > 0) this.tellEnd(this.asking.take())
  }

  /** The loop is left: nothing is delivered any more. */
  private stop(): void {
    this.waiting.clear()
    this.ending = {}
    this.end({})
  }

  /** An error is thrown once; after that, and after completion, the iteration is done. */
  private tellEnd({ resolve, reject }: Asking<A>): void {
    const ending = this.ending
    this.ending = {}
    if (ending && 'error' in ending) reject(ending.error)
    else resolve({ done: true, value: undefined })
  }
}
