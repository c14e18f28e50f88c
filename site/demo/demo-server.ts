import {
  concat,
  defer,
  delay,
  EMPTY,
  interval,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  Subject,
  throwError,
  timer,
  filter,
} from 'rxjs'
import { ConnectionClosed, ConnectionFailed, type Message, type Transport } from '../../lib/index.ts'
import { answerOk, broadcast, crashed, errorTo, fakePhoenix, okTo } from '../../lib/testing/index.ts'
import { demoRoom } from './demo-room.ts'

/** What is wrong with the server, or with the line to it. */
export type Trouble = 'none' | 'cut' | 'refusing' | 'frozen'

/** A Phoenix server in the page: it sends a message every two seconds, has presence and a live state, and can be put into trouble. */
export interface DemoServer {
  readonly transport: Transport
  /** Applies from this moment on; `none` ends what was wrong. */
  readonly become: (trouble: Trouble) => void
  /** The process of the channel on the server dies, once. */
  readonly crash: () => void
}

export const DEMO_TOPIC = 'room:lobby'
const LATENCY_MS = 120

/** Makes a server for `DEMO_TOPIC`. Everything goes through frames, as on a real line. */
export const demoServer = (): DemoServer => {
  const cut$ = new Subject<void>()
  const crash$ = new Subject<Message>()
  const room = demoRoom(DEMO_TOPIC)
  let trouble: Trouble = 'none'
  let joinRef: string | undefined
  let said = 0

  const lineIsCut = cut$.pipe(
    mergeMap(() => throwError(() => new ConnectionClosed({ code: 1006, reason: '', wasClean: false }))),
  )
  const news$ = interval(2_000).pipe(
    filter(() => joinRef !== undefined && trouble === 'none'),
    mergeMap(() => [broadcast(DEMO_TOPIC, 'new_msg', { body: `message ${++said}` }), ...room.moves()]),
  )
  const opened$ = concat(timer(LATENCY_MS).pipe(map(() => 'open' as const)), merge(news$, crash$, NEVER))
  const link = (): Observable<'open' | Message> =>
    defer(() => {
      joinRef = undefined
      return trouble === 'cut'
        ? timer(LATENCY_MS).pipe(mergeMap(() => throwError(() => new ConnectionFailed('the line is cut'))))
        : merge(lineIsCut, opened$)
    })

  const replyTo = (message: Message): Observable<Message> => {
    if (message.event === 'phx_join' && trouble === 'refusing')
      return of(errorTo(message, { reason: 'closed for today' }))
    if (message.event === 'phx_join') {
      joinRef = message.ref ?? ''
      return concat(answerOk(message), room.whole(joinRef))
    }
    if (message.event === 'phx_leave') joinRef = undefined
    if (message.event === 'lvs_evt:like') return of(room.like())
    return message.event === 'echo' ? of(okTo(message, message.payload)) : answerOk(message)
  }
  // What is under way when the server freezes is not answered either.
  const answer = (message: Message): Observable<Message> =>
    trouble === 'frozen'
      ? EMPTY
      : of(message).pipe(
          delay(LATENCY_MS),
          filter(() => trouble !== 'frozen'),
          mergeMap(replyTo),
        )

  const crash = (): void => {
    if (joinRef === undefined) return
    crash$.next(crashed(DEMO_TOPIC, joinRef))
    joinRef = undefined
  }
  return {
    transport: fakePhoenix({ link, answer }).transport,
    crash,
    become: (next) => {
      trouble = next
      if (next === 'cut') cut$.next()
      if (next === 'refusing') crash()
    },
  }
}
