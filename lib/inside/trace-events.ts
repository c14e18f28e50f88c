import { Observable, type SchedulerLike, share } from 'rxjs'
import { type ConnectionState } from '../connection/connection-state.ts'
import { shownState } from './snapshot.ts'
import { type RawFrame, type Signal, type Trace } from '../connection/trace.ts'
import { type Happening, type MessageHead, type TraceEvent } from './trace-event.ts'
import { DecodeFailed } from '../protocol/decode-failed.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { redact } from '../protocol/redact.ts'
import { utf8Length } from '../protocol/utf8.ts'

/** An event with its unredacted frame, for listeners that count frames and show none. */
export type RawEvent = { readonly atMs: number } & Happening<RawFrame>

const streams: WeakMap<Trace, Observable<RawEvent>> = new WeakMap()

/**
 * Everything that happens in a socket, from now on. Hot. Subscribing turns the trace on, for all; the last unsubscribe turns
 * it off. Never completes. If a subscriber throws, RxJS reports the error, and nobody else is affected.
 */
export const traceEvents = (trace: Trace, scheduler: SchedulerLike): Observable<RawEvent> => {
  const found = streams.get(trace)
  if (found) return found
  let works = 0
  const events$ = new Observable<RawEvent>((subscriber) => {
    const running: Map<object, { readonly id: number; readonly startedAt: number }> = new Map()
    trace.emit = (signal) => {
      const atMs = scheduler.now()
      if (!('key' in signal)) {
        subscriber.next({ ...toHappening(signal), atMs })
        return
      }
      const { key, ...event } = signal
      if (event.step === 'start') running.set(key, { id: (works += 1), startedAt: atMs })
      const work = running.get(key)
      // Over already, or started before anybody listened.
      if (!work) return
      if (event.step === 'end') running.delete(key)
      const latencyMs = Math.max(0, atMs - work.startedAt)
      subscriber.next({ ...event, id: work.id, latencyMs, atMs } as RawEvent)
    }
    return () => (trace.emit = undefined)
  }).pipe(share())
  streams.set(trace, events$)
  return events$
}

type Plain = Exclude<Signal, { readonly key: object }>

const toHappening = (signal: Plain): Happening<RawFrame> => {
  switch (signal.type) {
    case 'connection':
      return { ...signal, state: ofTheMoment(signal.state) }
    case 'channel':
      return { ...signal, state: shownState(signal.state) }
    case 'dropped':
      return { ...signal, message: headOf(signal.message) }
    case 'undecodable': {
      const { connectionId, frame, error } = signal
      const shown = showFrame(frame)
      return { type: 'decode-failed', connectionId, error: new DecodeFailed({ frame: shown.frame, error }) }
    }
    default:
      return signal
  }
}

/** As a trace may be kept for long: the numbers of the moment, and nothing that keeps a wire in memory. */
const ofTheMoment = (state: ConnectionState): ConnectionState =>
  state.status === 'open' ? { ...state, connection: { ...state.connection } } : state

/** An event that may be shown: without payloads, and with credentials redacted. */
export const showEvent = (event: RawEvent): TraceEvent =>
  'frame' in event
    ? { ...event, ...showFrame(event.frame), message: event.message && headOf(event.message) }
    : event

/** A frame as a trace may show it. */
export const showFrame = (frame: Frame): { readonly frame: string; readonly byteLength: number } =>
  typeof frame === 'string'
    ? { frame: redact(frame), byteLength: utf8Length(frame) }
    : { frame: `<${frame.byteLength} bytes>`, byteLength: frame.byteLength }

/** A message as a trace may show it. */
const headOf = ({ topic, event, ref, joinRef }: Message): MessageHead => ({ topic, event, ref, joinRef })
