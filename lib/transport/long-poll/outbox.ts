import {
  asapScheduler,
  defer,
  EMPTY,
  exhaustMap,
  type Observable,
  of,
  repeat,
  type SchedulerLike,
  Subject,
  subscribeOn,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { type Frame } from '../../protocol/message.ts'
import { type Body, type Line, nextBody, toLine } from './body.ts'

/** How long what is left may take to go out after the end, in milliseconds. Longer would keep Node from ending. */
const FAREWELL_MS = 2_000

/** What is on its way to the server: gathers while a POST is under way, so that the order is kept. */
export class Outbox {
  /** Sends what is put in, one POST after the other, until `end`. Errors as a POST does. */
  readonly sending$: Observable<never>
  readonly #queue: Line[] = []
  readonly #filled$: Subject<void> = new Subject()
  readonly #ended$: Subject<void> = new Subject()
  #bufferedAmount = 0

  constructor(
    post: (body: Body) => Observable<never>,
    { messagesPerPost, scheduler }: { readonly messagesPerPost: number; readonly scheduler: SchedulerLike },
  ) {
    const next$ = defer(() => {
      const body = nextBody(this.#queue, messagesPerPost)
      this.#queue.splice(0, body.lines)
      return post(body).pipe(tap({ complete: () => (this.#bufferedAmount -= body.text.length + 1) }))
    })
    this.sending$ = this.#filled$.pipe(
      // exhaustMap: what comes while a POST is under way goes with the next, which `repeat` brings.
      exhaustMap(() =>
        next$.pipe(
          // At the end of the running piece of code, so that what is sent together travels together.
          subscribeOn(asapScheduler),
          repeat({ delay: () => (this.#queue.length > 0 ? of(0) : EMPTY) }),
        ),
      ),
      takeUntil(this.#ended$.pipe(exhaustMap(() => timer(FAREWELL_MS, scheduler)))),
    )
  }

  /** Characters put in and not yet taken by the server, the ends of lines included. */
  get bufferedAmount(): number {
    return this.#bufferedAmount
  }

  put(frame: Frame): void {
    const line = toLine(frame)
    this.#queue.push(line)
    this.#bufferedAmount += line.text.length + 1
    this.#filled$.next()
  }

  /** Nothing is put in any more. What is there still goes out, and then `sending$` completes. */
  end(): void {
    this.#ended$.next()
    this.#filled$.complete()
  }
}
