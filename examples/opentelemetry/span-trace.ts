import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { type TraceEvent } from 'rx-phoenix'

type ConnectionEvent = Extract<TraceEvent, { readonly type: 'connection' }>
type WorkEvent = Extract<TraceEvent, { readonly type: 'join' | 'push' }>

/**
 * A function for the option `trace` that makes a span of each attempt to connect, of each join and of each push:
 * `connect`, `join` and `push EVENT`, with attributes `phoenix.*`. What failed has the status ERROR and the `_tag` of the
 * error as its message. A span's parent is what is active when it starts: for a push, where it was subscribed.
 *
 * Times are those of the events, so the socket has to run on real time (the default scheduler).
 */
export const spanTrace = (tracer: Tracer): ((event: TraceEvent) => void) => {
  const connects = connectSpans(tracer)
  const works = workSpans(tracer)
  return (event) => {
    if (event.type === 'connection') connects(event)
    else if (event.type === 'join' || event.type === 'push') works(event)
  }
}

const start = (tracer: Tracer, name: string, startTime: number, attributes: Attributes): Span =>
  tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes })

const fail = (span: Span, tag: string): Span => span.setStatus({ code: SpanStatusCode.ERROR, message: tag })

/** One span at a time for each connection, from `connecting` to what follows it. */
const connectSpans = (tracer: Tracer): ((event: ConnectionEvent) => void) => {
  const spans = new Map<number, Span>()
  /** Why a connection waits, for the attempt that comes next. */
  const causes = new Map<number, string>()
  return ({ number, state, cause, atMs }) => {
    const span = spans.get(number)
    spans.delete(number)
    const failure = state.status === 'waiting' ? state.cause : cause
    if (failure) causes.set(number, failure._tag)
    if (state.status === 'open') span?.setAttribute('phoenix.connection_id', state.connection.id)
    if (span && failure) fail(span, failure._tag)
    span?.setAttribute('phoenix.outcome', state.status === 'open' ? 'ok' : (failure?._tag ?? 'abandoned'))
    span?.end(atMs)
    if (state.status !== 'connecting') return
    const after = causes.get(number)
    causes.delete(number)
    spans.set(
      number,
      start(tracer, 'connect', atMs, {
        'phoenix.connection': number,
        'phoenix.attempt': state.attempt,
        ...(after !== undefined && { 'phoenix.after': after }),
      }),
    )
  }
}

/** One span for each join and each push, by its number. */
const workSpans = (tracer: Tracer): ((event: WorkEvent) => void) => {
  const spans = new Map<number, Span>()
  return (event) => {
    const { id, atMs, topic, connectionId } = event
    if (event.step === 'start') {
      const name = event.type === 'push' ? `push ${event.event}` : 'join'
      spans.set(id, start(tracer, name, atMs, { 'phoenix.topic': topic }))
      return
    }
    const span = spans.get(id)
    if (!span) return
    if (event.type === 'push' && event.ref !== undefined) span.setAttribute('phoenix.ref', event.ref)
    if (connectionId !== undefined) span.setAttribute('phoenix.connection_id', connectionId)
    if (event.step === 'sending') {
      span.addEvent('sending', atMs)
      return
    }
    spans.delete(id)
    span.setAttribute('phoenix.outcome', event.outcome)
    if (!['ok', 'sent', 'abandoned'].includes(event.outcome)) fail(span, event.outcome)
    span.end(atMs)
  }
}
