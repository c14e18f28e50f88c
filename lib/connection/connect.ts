import { isLeft } from 'fp-ts/Either'
import {
  combineLatest,
  concat,
  defer,
  filter,
  ignoreElements,
  map,
  merge,
  Observable,
  of,
  repeat,
  switchMap,
  takeUntil,
  throwError,
  timeout,
} from 'rxjs'
import {
  ConnectionClosed,
  type ConnectionError,
  ConnectionFailed,
  ConnectTimeout,
} from '../protocol/connection-error.ts'
import { type Params } from '../protocol/endpoint-url.ts'
import { HEARTBEAT, PHOENIX_TOPIC } from '../protocol/event.ts'
import { type Frame } from '../protocol/message.ts'
import { type Serializer } from '../protocol/serializer.ts'
import { dial, NO_LINK_EVENT } from '../transport/dial.ts'
import { type Link, type LinkEvent, type TransportTarget } from '../transport/transport.ts'
import { connectionOf } from './connection.ts'
import { type ConnectionState } from './connection-state.ts'
import { type Input } from './dynamic.ts'
import { heartbeats, probeDeadlineMs } from './heartbeat.ts'
import { type SocketSettings } from './socket-options.ts'
import { Wire, type WireContext } from './wire.ts'

/** What an attempt is made from. */
export interface Inputs {
  readonly url: Input<string>
  readonly params: Input<Params>
  readonly authToken: Input<string | null | undefined>
}

/**
 * One attempt: evaluates the inputs, opens the transport, and shows the states from `connecting` on. A new value of
 * an input closes the connection and opens another; a wake-up begins anew what hangs. Errors with a `ConnectionError`;
 * never completes.
 */
export const connect = (
  failures: () => number,
  inputs: Inputs,
  settings: SocketSettings,
  wireContext: () => WireContext,
): Observable<ConnectionState> =>
  defer(() => {
    const { connectTimeoutMs, heartbeatIntervalMs, scheduler, transport, wake } = settings
    const attempt = failures()
    let evaluated = false
    let opened = false
    const staleMs = probeDeadlineMs(heartbeatIntervalMs)
    const dueAt = scheduler.now() + connectTimeoutMs
    const inTime = <A>(leftMs: number): ((source$: Observable<A>) => Observable<A>) =>
      timeout({
        first: leftMs,
        scheduler,
        with: () => throwError(() => new ConnectTimeout(connectTimeoutMs)),
      })
    const connecting: ConnectionState = { status: 'connecting', attempt }
    return concat(
      of(connecting),
      evaluate(attempt, inputs, settings).pipe(
        inTime(connectTimeoutMs),
        // switchMap: a new target drops the old link.
        switchMap((target, i) => {
          const again = i > 0
          evaluated = true
          const open$ = dial(transport, target).pipe(
            intoWire(wireContext),
            // No longer than the whole time, since the clock may have been set back.
            inTime(
              again ? connectTimeoutMs : Math.min(connectTimeoutMs, Math.max(0, dueAt - scheduler.now())),
            ),
            switchMap((wire) => {
              opened = true
              return shown(wire, attempt, settings)
            }),
          )
          return again ? concat(of(connecting), open$) : open$
        }),
      ),
    ).pipe(
      // A new value of a stream begins anew, so that functions are evaluated again: a token may have expired meanwhile.
      // Subscribed before the inputs are, so that nothing is dialled with the old values beside the new one.
      // So does a wake-up when an attempt hangs for as long as a probe may: that of a page that slept is lost in most cases.
      takeUntil(
        merge(
          changesOf(inputs).pipe(filter(() => evaluated)),
          wake.pipe(filter(() => !opened && dueAt - scheduler.now() <= connectTimeoutMs - staleMs)),
        ),
      ),
    )
  }).pipe(repeat())

/** New values of the streams among the inputs. */
export const changesOf = ({ url, params, authToken }: Inputs): Observable<unknown> =>
  merge(url.changes$, params.changes$, authToken.changes$)

const evaluate = (
  attempt: number,
  inputs: Inputs,
  { serializer, scheduler }: SocketSettings,
): Observable<TransportTarget> =>
  combineLatest({
    url: inputs.url.at(attempt),
    params: inputs.params.at(attempt),
    authToken: inputs.authToken.at(attempt),
  }).pipe(
    // An empty string is no token: what is read from a storage or a form often is one for a user who is signed out.
    map(({ authToken, ...evaluated }) => ({
      ...evaluated,
      authToken: authToken === '' ? undefined : (authToken ?? undefined),
      vsn: serializer.vsn,
      heartbeat: () => heartbeatFrame(serializer),
      scheduler,
    })),
  )

/** Refs count from 1, so nobody waits for its reply. */
const heartbeatFrame = (serializer: Serializer): Frame | undefined => {
  const encoded = serializer.encode({
    topic: PHOENIX_TOPIC,
    event: HEARTBEAT,
    payload: {},
    ref: '0',
    joinRef: null,
  })
  return isLeft(encoded) ? undefined : encoded.right
}

/** The open state first, so that joins go out; then heartbeats, whose failure is that of the connection. */
const shown = (wire: Wire, attempt: number, settings: SocketSettings): Observable<ConnectionState> =>
  merge(
    of<ConnectionState>({ status: 'open', attempt, connection: connectionOf(wire) }),
    heartbeats(wire, {
      intervalMs: settings.heartbeatIntervalMs,
      wake$: settings.wake,
      scheduler: settings.scheduler,
    }).pipe(ignoreElements()),
  )

/**
 * Gives the wire when the link opens, and feeds it the frames that follow. One operator and not a `filter` beside a
 * `tap`, since every frame goes through here.
 */
const intoWire =
  (wireContext: () => WireContext) =>
  (events$: Observable<LinkEvent>): Observable<Wire> =>
    new Observable<Wire>((subscriber) => {
      let wire: Wire | undefined
      const lost = (error: unknown): void => {
        subscriber.error(toConnectionError(error, wire !== undefined))
      }
      // Added first: whoever hears of the loss finds the wire closed, so that nothing is written to a dead link.
      subscriber.add(() => wire?.close())
      return events$.subscribe({
        // By what is there, since a transport from outside may give anything.
        next: (event: { readonly frame?: Frame; readonly link?: Link } | null) => {
          if (event?.frame !== undefined) wire?.receive(event.frame)
          else if (event?.link) subscriber.next((wire = new Wire(event.link, wireContext(), lost)))
          else lost(NO_LINK_EVENT)
        },
        error: (error) => {
          wire?.flush()
          lost(error)
        },
      })
    })

const connectionErrors: Set<unknown> = new Set([
  'ConnectionRefused',
  'ConnectionFailed',
  'ConnectionClosed',
  'ConnectTimeout',
  'HeartbeatTimeout',
  'InputFailed',
  'Unauthorized',
])

/** A transport from outside may fail with anything; the states show only connection errors. */
const toConnectionError = (error: unknown, opened: boolean): ConnectionError => {
  if (connectionErrors.has((error as { _tag?: unknown } | undefined)?._tag)) return error as ConnectionError
  const reason = error instanceof Error ? error.message : String(error)
  return opened
    ? new ConnectionClosed({ code: NO_CLOSE_FRAME, reason, wasClean: false, cause: error })
    : new ConnectionFailed(reason, { cause: error })
}

/** The close code of a connection that ended without a close frame. */
const NO_CLOSE_FRAME = 1006
