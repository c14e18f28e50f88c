import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  type Observer,
  of,
  type SchedulerLike,
  Subject,
  throwError,
  timer,
} from 'rxjs'
import { ConnectionClosed, type ConnectionError, ConnectionFailed } from '../protocol/connection-error.ts'
import { PHOENIX_TOPIC } from '../protocol/event.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { type LinkEvent, type Transport, type TransportTarget } from '../transport/transport.ts'
import { frameOf, recordedMessage } from './recorded-message.ts'
import { okTo } from './messages.ts'
import { deviation, ReplayDeviated } from './replay-deviated.ts'
import { type ReplayStep, ReplayTopic } from './replay-topic.ts'
import { readClientFrame, writeServerFrame } from './server-frames.ts'
import { type Session, type SessionEvent } from './session.ts'

/** Options of `replay`. */
export interface ReplayOptions {
  /** Whether a frame of the client is the recorded one, given that topic and event are. Default: whatever its payload. */
  readonly matches?: (sent: Message, recorded: Message) => boolean
  /** Whose clock the recorded waits run on. Default: `asyncScheduler`, which is virtual in a marble test. */
  readonly scheduler?: SchedulerLike
}

/** A transport that plays a recorded session. */
export interface ReplayTransport extends Transport {
  /**
   * Throws `ReplayDeviated` if the client has sent something else than the client of the recording, or has not sent all of it
   * on the connections that it has opened. Leaving earlier is allowed.
   */
  assertFollowed(): void
}

/**
 * Plays the server of a recorded session: a transport for `phoenixSocket`, without a server. The first connection that is
 * dialled gets the frames of the first recorded one, and so on; each frame of the server comes as long after the frame before
 * it on its topic as it did, and not before the client has sent what it had sent by then. Refs are those of the client.
 * A connection that was lost is lost again when all of its frames have passed. Heartbeats are answered immediately.
 *
 * A client that sends something else on a topic loses the connection with a `ConnectionFailed` whose cause is
 * `ReplayDeviated`, and does not get another; so does one that connects more often than was recorded.
 */
export const replay = (
  { header, events }: Session,
  { matches = () => true, scheduler = asyncScheduler }: ReplayOptions = {},
): ReplayTransport => {
  const connections = [...new Set(events.map(({ connection }) => connection))]
  const dialled: ReplayTopic[] = []
  let dials = 0
  let deviated: ReplayDeviated | undefined

  const link = (target: TransportTarget): Observable<LinkEvent> => {
    if (deviated) return failed(deviated.message, deviated)
    const number = connections[dials++]
    if (number === undefined) {
      const times = connections.length === 1 ? 'once' : `${connections.length} times`
      const often = new ReplayDeviated(`The client has connected more often than was recorded (${times})`)
      // One that had been lost would have been dialled again, had the recording gone on.
      if (lossIn(events.at(-1)) === undefined) deviated = often
      return failed(often.message, often)
    }
    const own = events.filter(({ connection }) => connection === number)
    const sent$: Subject<Message> = new Subject()
    const refs: Map<string, string> = new Map()
    const topics = new Map(
      [...stepsByTopic(own, header.vsn)].map(([topic, steps]) => {
        const where = `connection ${number}, "${topic}"`
        return [topic, new ReplayTopic(steps, { scheduler, matches, refs, where })]
      }),
    )
    dialled.push(...topics.values())
    const answer = (message: Message): Observable<Message> => {
      if (message.topic === PHOENIX_TOPIC) return of(okTo(message))
      const topic = topics.get(message.topic)
      if (!topic) throw deviation(`connection ${number}, "${message.topic}"`, message, undefined)
      return topic.receive(message)
    }
    const toEvent = (said: Message | Frame): LinkEvent => ({
      type: 'frame',
      frame: typeof said === 'object' && 'topic' in said ? writeServerFrame(target.vsn, said) : said,
    })
    if (!own.some(({ type }) => type === 'open')) return endOf(own, scheduler)
    return merge(
      // Before it opens, since the client sends as soon as it does.
      sent$.pipe(mergeMap(answer), map(toEvent)),
      of(opened(target.vsn, sent$)),
      concat(
        merge(...[...topics.values()].map(({ frames$ }) => frames$)).pipe(map(toEvent)),
        endOf(own, scheduler),
      ),
    ).pipe(
      catchError((error: unknown) => {
        if (!(error instanceof ReplayDeviated)) return throwError(() => error)
        deviated = error
        return failed(error.message, error)
      }),
    )
  }

  return Object.assign((target: TransportTarget) => defer(() => link(target)), {
    assertFollowed: () => {
      if (deviated) throw deviated
      for (const topic of dialled) topic.assertFollowed()
    },
  })
}

const failed = (message: string, cause: ReplayDeviated): Observable<never> =>
  throwError(() => new ConnectionFailed(message, { cause }))

const opened = (vsn: string, sent$: Observer<Message>): LinkEvent => ({
  type: 'open',
  link: {
    bufferedAmount: 0,
    send: (frame) => {
      sent$.next(readClientFrame(vsn, frame))
    },
  },
})

/** The frames of a connection by topic; frames that are not messages have the topic `''`. Heartbeats are left out. */
const stepsByTopic = (events: readonly SessionEvent[], vsn: string): ReadonlyMap<string, ReplayStep[]> => {
  const steps: Map<string, ReplayStep[]> = new Map()
  const lastAtMs: Map<string, number> = new Map()
  for (const event of events) {
    const frame = frameOf(event)
    if (frame === undefined || (event.type !== 'in' && event.type !== 'out')) continue
    const message = recordedMessage(event, vsn)
    const topic = message?.topic ?? ''
    if (topic === PHOENIX_TOPIC || (event.type === 'out' && !message)) continue
    const afterMs = event.atMs - (lastAtMs.get(topic) ?? events[0]?.atMs ?? 0)
    lastAtMs.set(topic, event.atMs)
    const step: ReplayStep = { type: event.type, afterMs, message, frame }
    const before = steps.get(topic)
    if (before) before.push(step)
    else steps.set(topic, [step])
  }
  return steps
}

/** How a connection ended: as it did if it was lost; not at all if it was the client that closed it. */
const endOf = (events: readonly SessionEvent[], scheduler: SchedulerLike): Observable<never> => {
  const last = events.at(-1)
  const loss = lossIn(last)
  if (!last || !loss) return NEVER
  const afterMs = last.atMs - (events.at(-2)?.atMs ?? last.atMs)
  const lost$ = throwError(() => loss)
  return afterMs > 0 ? timer(afterMs, scheduler).pipe(mergeMap(() => lost$)) : lost$
}

const lossIn = (event: SessionEvent | undefined): ConnectionError | undefined => {
  if (event?.type !== 'close' || event.cause === undefined) return undefined
  const { cause, code = 1006 } = event
  return cause === 'ConnectionClosed'
    ? new ConnectionClosed({ code, reason: '', wasClean: code !== 1006 })
    : new ConnectionFailed(`as in the recording: ${cause}`)
}
