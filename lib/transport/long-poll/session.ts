import {
  asyncScheduler,
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  from,
  map,
  mergeMap,
  Observable,
  of,
  repeat,
  type SchedulerLike,
  tap,
  throwError,
  timer,
} from 'rxjs'
import { type LinkEvent } from '../transport.ts'
import { cutBy, lossOf } from './errors.ts'
import { type LongPollOptions } from './long-poll-options.ts'
import { nextTask } from './next-task.ts'
import { outbox } from './outbox.ts'
import { pageLeaving } from './page-leaving.ts'
import { type Requests } from './requests.ts'

/**
 * A session that the server has opened: polls for messages, one request after the other, and posts what is sent.
 * Errors with `ConnectionClosed`, never completes. Unsubscribing aborts the poll; what was sent before, such as a leave,
 * still goes out, for 2 s at most. The protocol has no goodbye: the server ends a session that nobody polls.
 */
export const session = (
  { poll, post, bytesReceived }: Requests,
  {
    messagesPerPost = 100,
    scheduler = asyncScheduler,
  }: Pick<LongPollOptions, 'messagesPerPost' | 'scheduler'>,
): Observable<LinkEvent> =>
  new Observable<LinkEvent>((subscriber) => {
    let pageLeaves = false
    const outgoing = outbox({
      post: (body) =>
        post(body, subscriber.closed || pageLeaves).pipe(
          catchError((cause: unknown) => throwError(() => cutBy(cause))),
          mergeMap((answer) => (answer.status === 200 ? EMPTY : throwError(() => lossOf(answer)))),
        ),
      messagesPerPost,
      scheduler,
      leaving$: pageLeaving().pipe(tap((leaving) => (pageLeaves = leaving))),
    })
    let failed = false
    const fail = (cause: unknown): void => {
      failed = true
      subscriber.error(cause)
    }
    // Outlives the subscriber, for the sake of what it sent last.
    const sending = outgoing.sending$.subscribe({ error: fail })
    subscriber.add(() => {
      // No error is hidden by this: the request that waits for an answer gets the cause.
      if (failed) sending.unsubscribe()
      else outgoing.end()
    })
    subscriber.next({
      type: 'open',
      link: {
        heartbeat: false,
        send: (frame) => {
          if (!subscriber.closed) outgoing.put(frame)
        },
        get bufferedAmount() {
          return outgoing.bufferedAmount
        },
        get bytesReceived() {
          return bytesReceived()
        },
      },
    })
    // The subscriber may have unsubscribed when it got the opening.
    if (subscriber.closed) return
    subscriber.add(
      polls(poll, scheduler).subscribe({
        next: (event) => {
          subscriber.next(event)
        },
        error: fail,
      }),
    )
  })

const polls = (poll: Requests['poll'], scheduler: SchedulerLike): Observable<LinkEvent> =>
  defer(poll).pipe(
    catchError((cause: unknown) => throwError(() => cutBy(cause))),
    mergeMap((answer) => {
      if (answer.status === 204) return EMPTY
      return answer.status === 200 ? inTurns(answer.messages, scheduler) : throwError(() => lossOf(answer))
    }),
    // The next poll goes out when these messages are delivered: the server keeps what comes meanwhile.
    repeat(),
  )

/**
 * Each message in a separate turn of the event loop, as with a WebSocket: code that awaits a reply is running by
 * the time of the next message.
 */
const inTurns = ([first, ...others]: readonly string[], scheduler: SchedulerLike): Observable<LinkEvent> =>
  concat(
    first === undefined ? EMPTY : of(first),
    from(others).pipe(concatMap((frame) => aTask(scheduler).pipe(map(() => frame)))),
  ).pipe(map((frame) => ({ type: 'frame', frame })))

/** Emits in the next task. On a clock of its own, as in virtual time, that is a turn of the clock. */
const aTask = (scheduler: SchedulerLike): Observable<unknown> =>
  scheduler === asyncScheduler
    ? new Observable<void>((subscriber) => {
        nextTask(() => {
          subscriber.next()
          subscriber.complete()
        })
      })
    : timer(0, scheduler)
