import {
  catchError,
  concat,
  identity,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  type SchedulerLike,
  tap,
  type Unsubscribable,
} from 'rxjs'
import { InputFailed } from '../protocol/connection-error.ts'
import { type DecodeFailed } from '../protocol/decode-failed.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { type DecodeError } from '../protocol/serializer.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type ConnectionState } from './connection-state.ts'

/** Why a message of the server reached nobody. */
export type DropReason = 'stale join_ref' | 'unknown ref' | 'topic not joined'

/**
 * How a join, a push or a heartbeat ended: `ok`, or the `_tag` of its error. `sent`: it has no reply and was handed to the
 * transport (`channel.send`). `abandoned`: nobody waits for it any more, because the subscriber unsubscribed or, for a join
 * or a heartbeat, because the connection was lost or replaced.
 */
export type WorkOutcome = 'ok' | 'sent' | 'abandoned' | SocketError['_tag']

/** What takes time and has an outcome. */
export type Work =
  | { readonly type: 'heartbeat'; readonly connectionId: number }
  /** Starts when the join is sent: what waits for its turn on the connection (`joinsInFlight`) has not started. */
  | { readonly type: 'join'; readonly topic: string; readonly connectionId: number }
  /** Starts when the push is subscribed. Ref and connection are undefined until it is sent. */
  | {
      readonly type: 'push'
      readonly topic: string
      readonly event: string
      readonly ref: string | undefined
      readonly connectionId: number | undefined
    }

/** What the parts of a socket report. Whoever listens makes trace events of it; work is known by a key until then. */
export type Signal =
  | Of<'connection', { number: number; state: ConnectionState; cause: SocketError | undefined }>
  | Of<'channel', { topic: string; connectionId: number | undefined; state: ReportedState }>
  | Of<'frame-in' | 'frame-out', { connectionId: number; durationMs: number } & RawFrame>
  | (Work & {
      readonly key: object
      readonly step: 'start' | 'sending' | 'end'
      readonly outcome?: WorkOutcome | undefined
    })
  | Of<'dropped', { connectionId: number; reason: DropReason; message: Message }>
  | Of<'undecodable', { connectionId: number; frame: Frame; error: DecodeError }>
  | Of<'decode-failed', { connectionId: number | undefined; error: DecodeFailed }>
  | Of<'input-failed', { error: InputFailed }>

type Of<Type extends string, Facts> = { readonly type: Type } & Readonly<Facts>

interface ReportedState {
  readonly status: string
  readonly cause?: SocketError
}

/** An unredacted frame. It does not leave the library. Without a message if it cannot be decoded. */
export interface RawFrame {
  readonly frame: Frame
  readonly message: Message | undefined
}

/**
 * Where the parts of a socket report what happens: `trace.emit?.({ … })`. It is undefined while nobody listens, so that no
 * event is made and no clock is read.
 */
export interface Trace {
  emit: ((signal: Signal) => void) | undefined
}

/**
 * What the option `trace` takes: a tracer, as `traceTo` and `consoleTrace` make it. All code that makes and shows events comes
 * with the tracer, so a socket without one does not ship it.
 */
export interface TraceListener {
  /** Listens to a socket. Internal: use `traceTo`. */
  readonly attach: (trace: Trace, scheduler: SchedulerLike) => Unsubscribable
}

/** Reports when a join or a heartbeat starts, and how it ends. No operator where nobody listens. */
export const traced = <A>(trace: Trace, work: Work): MonoTypeOperatorFunction<A> =>
  trace.emit ? reporting(trace, work) : identity

const reporting = <A>(trace: Trace, work: Work): MonoTypeOperatorFunction<A> => {
  const emit = (step: 'start' | 'end', outcome?: WorkOutcome) => (): void =>
    trace.emit?.({ ...work, key: work, step, outcome })
  return tap<A>({
    subscribe: emit('start'),
    next: emit('end', 'ok'),
    error: ({ _tag }: SocketError) => {
      emit('end', _tag)()
    },
    unsubscribe: emit('end', 'abandoned'),
  })
}

/**
 * Keeps an input on which a connection does not depend from ending it: its error is traced, and it continues with
 * `instead$`. Never completes, so that subscribers who share it do not subscribe to a completed source again and again.
 */
export const reported = <A>(
  input: string,
  source$: Observable<A>,
  trace: Trace,
  instead$: Observable<A>,
): Observable<A> =>
  concat(
    source$.pipe(
      catchError((error: unknown) => {
        trace.emit?.({ type: 'input-failed', error: new InputFailed(input, error) })
        return instead$
      }),
    ),
    NEVER,
  )
