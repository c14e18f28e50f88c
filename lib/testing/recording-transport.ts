import { asyncScheduler, defer, map, type SchedulerLike, Subject, tap } from 'rxjs'
import { withoutSecrets } from '../protocol/invalid-argument.ts'
import { type Frame } from '../protocol/message.ts'
import { redact } from '../protocol/redact.ts'
import { type Link, type Transport } from '../transport/transport.ts'
import { SESSION_VERSION, type SessionEvent, type SessionHeader } from './session.ts'

// Omit does not distribute over a union; this does.
type Happening<E = SessionEvent> = E extends unknown ? Omit<E, 'atMs' | 'connection'> : never

/**
 * A transport that records what passes through it, as lines of a session: the header at the first connection, then an
 * event for each frame. The query and the auth token are left out, and values of keys that look like credentials are
 * redacted; everything else is kept unchanged, so look at it before you share it.
 *
 * @param write - called with each line, as it happens. `JSON.stringify` makes it a line of a file. If it throws, that line is
 * lost and the connection continues: RxJS reports the error.
 * @param scheduler - whose clock the times are of. Default: `asyncScheduler`.
 */
export const recordingTransport = (
  transport: Transport,
  write: (line: SessionHeader | SessionEvent) => void,
  scheduler: SchedulerLike = asyncScheduler,
): Transport => {
  // A subscriber that throws disturbs nobody, so that recording never costs a connection.
  const lines$ = new Subject<SessionHeader | SessionEvent>()
  lines$.subscribe((line) => {
    write(line)
  })
  let connections = 0
  let beganAt = 0
  const begin = (url: string, vsn: string): number => {
    connections += 1
    if (connections > 1) return connections
    beganAt = scheduler.now()
    lines$.next({
      session: 'rx-phoenix',
      version: SESSION_VERSION,
      url: withoutSecrets(url),
      vsn,
      recordedAt: new Date(beganAt).toISOString(),
    })
    return connections
  }
  return (target) =>
    defer(() => {
      const connection = begin(target.url, target.vsn)
      const note = (happening: Happening): void => {
        lines$.next({ atMs: scheduler.now() - beganAt, connection, ...happening })
      }
      return transport(target).pipe(
        tap({
          next: (event) => {
            note(event.type === 'open' ? { type: 'open' } : { type: 'in', ...recorded(event.frame) })
          },
          error: (error: unknown) => {
            note({ type: 'close', ...lossOf(error) })
          },
          // As the socket takes it: a link that was lost without a reason.
          complete: () => {
            note({ type: 'close', cause: 'ConnectionClosed', code: 1005 })
          },
          unsubscribe: () => {
            note({ type: 'close' })
          },
        }),
        map((event) =>
          event.type === 'open'
            ? {
                type: 'open' as const,
                link: noting(event.link, (frame) => {
                  note({ type: 'out', ...recorded(frame) })
                }),
              }
            : event,
        ),
      )
    })
}

const noting = (link: Link, note: (frame: Frame) => void): Link => ({
  send: (frame) => {
    note(frame)
    link.send(frame)
  },
  get bufferedAmount() {
    return link.bufferedAmount
  },
  get bytesReceived() {
    return link.bytesReceived
  },
  nextTask: link.nextTask,
  ...(link.heartbeat === false && { heartbeat: false }),
})

/** A transport from outside may fail with anything, which the socket takes for a connection that could not be opened. */
const lossOf = (error: unknown): { readonly cause: string; readonly code?: number } => {
  const { _tag: tag, code } = (error ?? {}) as { readonly _tag?: unknown; readonly code?: unknown }
  if (typeof tag !== 'string') return { cause: 'ConnectionFailed' }
  return { cause: tag, ...(typeof code === 'number' && { code }) }
}

const recorded = (frame: Frame): { readonly text: string } | { readonly base64: string } =>
  typeof frame === 'string'
    ? { text: redact(frame) }
    : { base64: btoa(Array.from(frame, (byte) => String.fromCharCode(byte)).join('')) }
