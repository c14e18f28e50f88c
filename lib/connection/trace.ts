import { catchError, concat, type MonoTypeOperatorFunction, NEVER, Observable, share, tap } from 'rxjs'
import { InputFailed } from '../protocol/connection-error.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { redact } from '../protocol/redact.ts'
import { toUtf8 } from '../protocol/utf8.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import {
  type Happening,
  type MessageHead,
  type TraceEvent,
  type Work,
  type WorkOutcome,
} from './trace-event.ts'

/** A frame as it is. It does not leave the library. */
interface RawFrame {
  readonly frame: Frame
  readonly message: Message | undefined
}

/** An event with frames as they are, for what counts them and shows none. */
export type RawEvent = { readonly atMs: number } & Happening<RawFrame>

/**
 * What the option `trace` takes, as `traceTo` and `consoleTrace` make it: a function of the events, and what makes an event
 * fit to be shown. The code that hides credentials comes with the tracer, so a socket without one does not ship it.
 */
export interface Tracer {
  (event: TraceEvent): void
  /** Hides credentials and payloads. Internal: use `traceTo`. */
  readonly show: (event: RawEvent) => TraceEvent
}

// Omit does not distribute over a union; this does.
type Plain<E> = E extends { readonly id: number } ? never : E

/** What the parts of a socket tell. Work is known by a key; its number and latency are added here. */
type Signal =
  | Plain<Happening<RawFrame>>
  | (Work & {
      readonly key: object
      readonly step: 'start' | 'sending' | 'end'
      readonly outcome?: WorkOutcome | undefined
    })

/**
 * Where the parts of a socket tell what happens: `trace.tell?.({ … })`. While nobody listens `tell` is undefined, so
 * that no event is made and no clock is read.
 */
export interface Trace {
  readonly tell: ((signal: Signal) => void) | undefined
  /** Subscribing turns telling on, for all; the last unsubscribe turns it off. A listener that throws disturbs nobody: RxJS reports its error. */
  readonly events$: Observable<RawEvent>
}

export const tracer = (now: () => number): Trace => {
  let ids = 0
  const trace: { tell: Trace['tell']; readonly events$: Trace['events$'] } = {
    tell: undefined,
    events$: new Observable<RawEvent>((subscriber) => {
      const running: Map<object, { readonly id: number; readonly startedAt: number }> = new Map()
      trace.tell = (signal) => {
        const atMs = now()
        if (!('key' in signal)) {
          subscriber.next({ ...signal, atMs })
          return
        }
        const { key, ...event } = signal
        if (event.step === 'start') running.set(key, { id: (ids += 1), startedAt: atMs })
        const work = running.get(key)
        // Over already, or begun before anybody listened.
        if (!work) return
        if (event.step === 'end') running.delete(key)
        const latencyMs = Math.max(0, atMs - work.startedAt)
        subscriber.next({ ...event, id: work.id, latencyMs, atMs } as RawEvent)
      }
      return () => (trace.tell = undefined)
    }).pipe(share()),
  }
  return trace
}

/** A frame as a trace may show it. */
export const showFrame = (frame: Frame): { readonly frame: string; readonly byteLength: number } =>
  typeof frame === 'string'
    ? { frame: redact(frame), byteLength: toUtf8(frame).length }
    : { frame: `<${frame.byteLength} bytes>`, byteLength: frame.byteLength }

/** A message as a trace may show it. */
export const headOf = ({ topic, event, ref, joinRef }: Message): MessageHead => ({
  topic,
  event,
  ref,
  joinRef,
})

/** Tells when a join or a heartbeat starts, and how it ends. */
export const told = <A>(trace: Trace, work: Work): MonoTypeOperatorFunction<A> => {
  const tell = (step: 'start' | 'end', outcome?: WorkOutcome) => (): void =>
    trace.tell?.({ ...work, key: work, step, outcome })
  return tap({
    subscribe: tell('start'),
    next: tell('end', 'ok'),
    error: ({ _tag }: SocketError) => {
      tell('end', _tag)()
    },
    unsubscribe: tell('end', 'abandoned'),
  })
}

/**
 * Keeps an input of which a connection does not depend from ending it: an error is traced, and gives way to `instead$`.
 * Never completes, so that a source that did is not subscribed again and again by those who share it.
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
        trace.tell?.({ type: 'input-failed', error: new InputFailed(input, error) })
        return instead$
      }),
    ),
    NEVER,
  )
