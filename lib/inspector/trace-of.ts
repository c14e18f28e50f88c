import { ConnectionClosed, type ConnectionError, type Message, type TraceEvent } from '../index.ts'
import { recordedMessage } from '../testing/recorded-message.ts'
import { type Session, type SessionEvent } from '../testing/session.ts'

type Work = Extract<TraceEvent, { readonly type: 'join' | 'push' | 'heartbeat' }>
type WorkOutcome = Extract<Work, { readonly step: 'end' }>['outcome']
type End = Extract<SessionEvent, { readonly type: 'close' }>

/** What was sent and has no reply yet. */
interface Pending {
  readonly start: Work & { readonly step: 'start' }
  readonly message: Message
}

/** A recorded session as the trace of the client that was recorded, as far as its frames show it. */
export const traceOf = ({ header, events }: Session): readonly TraceEvent[] => {
  const trace: TraceEvent[] = []
  const pending = new Map<string, Pending>()
  /** The connection on which each topic is joined or joining. */
  const topics = new Map<string, number>()
  const numbers = numbersOf()
  let works = 0

  const channel = (atMs: number, topic: string, connectionId: number, status: string): void => {
    trace.push({ type: 'channel', atMs, topic, connectionId, state: { status } })
  }

  /** What was under way ends with what it was for. */
  const end = (atMs: number, outcome: WorkOutcome, isOver: (work: Work) => boolean): void => {
    for (const [key, { start }] of pending)
      if (isOver(start)) {
        pending.delete(key)
        trace.push({ ...start, atMs, step: 'end', outcome, latencyMs: atMs - start.atMs })
      }
  }

  const sent = (atMs: number, connectionId: number, message: Message): void => {
    const { topic, event, ref } = message
    if (event === 'phx_leave' || ref === null) return
    const work = { atMs, id: (works += 1), connectionId, latencyMs: 0 } as const
    const start: Pending['start'] =
      event === 'phx_join'
        ? { ...work, type: 'join', topic, step: 'start' }
        : event === 'heartbeat' && topic === 'phoenix'
          ? { ...work, type: 'heartbeat', step: 'start' }
          : { ...work, type: 'push', topic, event, ref, step: 'start' }
    if (event === 'phx_join') {
      topics.set(topic, connectionId)
      channel(atMs, topic, connectionId, 'joining')
    }
    trace.push(start)
    if (start.type === 'push') trace.push({ ...start, step: 'sending' })
    pending.set(`${connectionId} ${ref}`, { start, message })
  }

  const received = (atMs: number, connectionId: number, { topic, event, ref, payload }: Message): void => {
    if (event === 'phx_error' || event === 'phx_close') {
      end(
        atMs,
        event === 'phx_error' ? 'ChannelCrashed' : 'ChannelClosed',
        (work) => work.connectionId === connectionId && 'topic' in work && work.topic === topic,
      )
      channel(atMs, topic, connectionId, event === 'phx_error' ? 'errored' : 'closed')
      topics.delete(topic)
    }
    const found = event === 'phx_reply' ? pending.get(`${connectionId} ${ref}`) : undefined
    if (!found) return
    pending.delete(`${connectionId} ${ref}`)
    const { start } = found
    const ok = (payload as { readonly status?: unknown } | null)?.status === 'ok'
    const outcome = ok ? 'ok' : start.type === 'join' ? 'JoinRefused' : 'PushRefused'
    trace.push({ ...start, atMs, step: 'end', outcome, latencyMs: atMs - start.atMs })
    if (start.type === 'join') channel(atMs, topic, connectionId, ok ? 'joined' : 'idle')
  }

  const closed = (event: End): void => {
    const { atMs, connection } = event
    const number = numbers.leave(connection)
    end(
      atMs,
      event.cause === undefined ? 'abandoned' : 'ConnectionLost',
      (work) => work.connectionId === connection,
    )
    trace.push(
      event.cause === undefined
        ? { type: 'connection', atMs, number, state: { status: 'idle' }, cause: undefined }
        : {
            type: 'connection',
            atMs,
            number,
            state: { status: 'waiting', attempt: 1, retryInMs: 0, cause: causeOf(event) },
            cause: undefined,
          },
    )
    for (const [topic, connectionId] of topics)
      if (connectionId === connection) {
        channel(atMs, topic, connection, event.cause === undefined ? 'idle' : 'waiting')
        topics.delete(topic)
      }
  }

  for (const event of events) {
    const { atMs, connection } = event
    if (event.type === 'close') closed(event)
    else if (event.type === 'open')
      trace.push({
        type: 'connection',
        atMs,
        number: numbers.take(connection),
        state: { status: 'open', attempt: 0, connection: { id: connection, bufferedAmount: 0 } },
        cause: undefined,
      })
    else {
      const message = recordedMessage(event, header.vsn)
      if (message && event.type === 'out') sent(atMs, connection, message)
      trace.push({
        type: event.type === 'in' ? 'frame-in' : 'frame-out',
        atMs,
        connectionId: connection,
        durationMs: 0,
        ...shown(event),
        message: message && { ...message, payload: undefined },
      } as TraceEvent)
      if (message && event.type === 'in') received(atMs, connection, message)
    }
  }
  return trace
}

/** Numbers for connections: a recording counts each one that opens, a socket keeps the number over reconnects. */
const numbersOf = () => {
  const open: (number | undefined)[] = []
  return {
    take: (connection: number): number => {
      const free = open.indexOf(undefined)
      const index = free === -1 ? open.length : free
      open[index] = connection
      return index + 1
    },
    leave: (connection: number): number => {
      const index = Math.max(0, open.indexOf(connection))
      open[index] = undefined
      return index + 1
    },
  }
}

const shown = (event: SessionEvent): { readonly frame: string; readonly byteLength: number } => {
  if ('text' in event) return { frame: event.text, byteLength: new TextEncoder().encode(event.text).length }
  const byteLength = 'base64' in event ? atob(event.base64).length : 0
  return { frame: `<${byteLength} bytes>`, byteLength }
}

/** The error as far as a recording keeps it. */
const causeOf = ({ cause = '', code = 1006 }: End): ConnectionError =>
  cause === 'ConnectionClosed'
    ? new ConnectionClosed({ code, reason: '', wasClean: false })
    : (Object.assign(new Error(cause), { _tag: cause }) as unknown as ConnectionError)
