import { catchError, concat, NEVER, type Observable, Subject } from 'rxjs'
import { InputFailed } from '../protocol/connection-error.ts'
import { type DecodeFailed } from '../protocol/decode-failed.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { redact } from '../protocol/redact.ts'
import { type ConnectionState } from './connection-state.ts'

/** Why a message of the server reached nobody. */
export type DropReason = 'stale join_ref' | 'unknown ref' | 'topic not joined'

/** The state of a channel in a trace: without what the server said, which may hold a secret. */
export interface ChannelTrace {
  readonly status: string
  readonly attempt?: number
  readonly retryInMs?: number
  readonly joinRef?: string
  readonly rejoined?: boolean
  /** The `_tag` of the error. */
  readonly cause?: string
}

/**
 * What the option `trace` is told: every frame and every transition. Values of keys that look like credentials are
 * redacted; bytes are given by their number only. `atMs` is the time on the clock of the scheduler.
 */
export type TraceEvent = { readonly atMs: number } & (
  | { readonly type: 'connection'; readonly state: ConnectionState }
  | { readonly type: 'channel'; readonly topic: string; readonly state: ChannelTrace }
  | {
      readonly type: 'frame-in' | 'frame-out'
      readonly connectionId: number
      readonly frame: string
      readonly byteLength: number
    }
  | {
      readonly type: 'dropped'
      readonly connectionId: number
      readonly reason: DropReason
      readonly message: Omit<Message, 'payload'>
    }
  | {
      readonly type: 'decode-failed'
      readonly connectionId: number | undefined
      readonly error: DecodeFailed
    }
  | { readonly type: 'input-failed'; readonly error: InputFailed }
)

// Omit does not distribute over a union; this does.
type WithoutTime<E> = E extends unknown ? Omit<E, 'atMs'> : never

/** Tells one event. Absent if nobody listens, so that the caller makes no event for nothing: `trace?.({ … })`. */
export type Trace = (event: WithoutTime<TraceEvent>) => void

/** Stamps events with the time, and keeps a listener that throws from disturbing anybody: RxJS reports its error. */
export const tracer = (
  listener: ((event: TraceEvent) => void) | undefined,
  now: () => number,
): Trace | undefined => {
  if (!listener) return undefined
  const events$: Subject<TraceEvent> = new Subject()
  events$.subscribe(listener)
  return (event) => {
    events$.next({ ...event, atMs: now() })
  }
}

/** A frame as a trace may show it. */
export const showFrame = (frame: Frame): { readonly frame: string; readonly byteLength: number } =>
  typeof frame === 'string'
    ? { frame: redact(frame), byteLength: new TextEncoder().encode(frame).length }
    : { frame: `<${frame.byteLength} bytes>`, byteLength: frame.byteLength }

/**
 * Keeps an input of which a connection does not depend from ending it: an error is traced, and gives way to `instead$`.
 * Never completes, so that a source that did is not subscribed again and again by those who share it.
 */
export const reported = <A>(
  input: string,
  source$: Observable<A>,
  trace: Trace | undefined,
  instead$: Observable<A>,
): Observable<A> =>
  concat(
    source$.pipe(
      catchError((error: unknown) => {
        trace?.({ type: 'input-failed', error: new InputFailed(input, error) })
        return instead$
      }),
    ),
    NEVER,
  )
