import {
  asapScheduler,
  defer,
  EMPTY,
  exhaustMap,
  merge,
  mergeMap,
  type Observable,
  of,
  repeat,
  type SchedulerLike,
  startWith,
  Subject,
  subscribeOn,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { type Frame } from '../../protocol/message.ts'
import { type Body, type Line, nextBody, toLine } from './body.ts'

/** How long what is left may take to go out after the end, in milliseconds. Longer would keep Node from ending. */
const FAREWELL_MS = 2_000

/** What is on its way to the server: gathers while a POST is under way, so that the order is kept. */
export interface Outbox {
  /** Sends what is put in, one POST after the other, until `end`. Errors as a POST does. */
  readonly sending$: Observable<never>
  /** Characters put in and not yet taken by the server, the ends of lines included. */
  readonly bufferedAmount: number
  put(frame: Frame): void
  /** Nothing is put in any more. What is there still goes out, and then `sending$` completes. */
  end(): void
}

export interface OutboxOptions {
  readonly post: (body: Body) => Observable<never>
  readonly messagesPerPost: number
  readonly scheduler: SchedulerLike
  /** While true, nothing waits for the POST that is under way: the page does not live to see its answer. */
  readonly leaving$: Observable<boolean>
}

export const outbox = ({ post, messagesPerPost, scheduler, leaving$ }: OutboxOptions): Outbox => {
  const queue: Line[] = []
  const filled$ = new Subject<void>()
  const ended$ = new Subject<void>()
  let bufferedAmount = 0

  const taken = (): Body => {
    const body = nextBody(queue, messagesPerPost)
    queue.splice(0, body.lines)
    return body
  }
  const posted = (body: Body): Observable<never> =>
    post(body).pipe(tap({ complete: () => (bufferedAmount -= body.text.length + 1) }))
  const oneByOne$ = defer(() => (queue.length > 0 ? posted(taken()) : EMPTY)).pipe(
    // At the end of the running piece of code, so that what is sent together travels together.
    subscribeOn(asapScheduler),
    repeat({ delay: () => (queue.length > 0 ? of(0) : EMPTY) }),
  )
  const together$ = defer(() => {
    const bodies: Body[] = []
    while (queue.length > 0) bodies.push(taken())
    return bodies
  }).pipe(subscribeOn(asapScheduler), mergeMap(posted))

  const leavingYet$ = leaving$.pipe(takeUntil(ended$))

  return {
    sending$: merge(
      // exhaustMap: what comes while a POST is under way goes with the next, which `repeat` brings.
      filled$.pipe(exhaustMap(() => oneByOne$)),
      leavingYet$.pipe(
        switchMap((leaving) => (leaving ? filled$.pipe(startWith(undefined)) : EMPTY)),
        mergeMap(() => together$),
      ),
    ).pipe(takeUntil(ended$.pipe(exhaustMap(() => timer(FAREWELL_MS, scheduler))))),
    get bufferedAmount() {
      return bufferedAmount
    },
    put: (frame) => {
      const line = toLine(frame)
      queue.push(line)
      bufferedAmount += line.text.length + 1
      filled$.next()
    },
    end: () => {
      ended$.next()
      filled$.complete()
    },
  }
}
