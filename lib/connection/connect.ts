import { isLeft } from 'fp-ts/Either'
import {
  defer,
  filter,
  ignoreElements,
  Observable,
  repeat,
  switchMap,
  takeUntil,
  throwError,
  timeout,
} from 'rxjs'
import { ConnectTimeout } from '../protocol/connection-error.ts'
import { HEARTBEAT, PHOENIX_TOPIC } from '../protocol/event.ts'
import { type Frame } from '../protocol/message.ts'
import { type Serializer } from '../protocol/serializer.ts'
import { dial, NO_LINK_EVENT } from '../transport/dial.ts'
import { type Link, type LinkEvent } from '../transport/transport.ts'
import { anyOf, unlessEmpty } from './any-of.ts'
import { type ConnectionState } from './connection-state.ts'
import { heartbeats, probeDeadlineMs } from './heartbeat.ts'
import { connectionOf } from './open-connection.ts'
import { type SocketContext } from './socket-context.ts'
import { startingWith } from './starting-with.ts'
import { toConnectionError } from './to-connection-error.ts'
import { Wire } from './wire.ts'

/**
 * One attempt and what comes of it: evaluates the inputs, opens the transport, and keeps the connection alive.
 *
 *     inputs      -i----------
 *     transport   --l---------
 *     heartbeats  -------#
 *     connect     c--o---#
 *
 * A new value of an input closes the connection and opens another; a wake-up starts an attempt that hangs anew. Errors with
 * a `ConnectionError`; never completes.
 */
export const connect = (
  context: SocketContext,
  failures: () => number,
  proved: () => void,
): Observable<ConnectionState> =>
  defer(() => {
    const { inputs, settings } = context
    const { connectTimeoutMs, heartbeatIntervalMs, scheduler, serializer, transport, wake } = settings
    const attempt = failures()
    const connecting: ConnectionState = { status: 'connecting', attempt }
    let evaluated = false
    let opened = false
    let dueAt = scheduler.now() + connectTimeoutMs
    const inTime = <A>(source$: Observable<A>): Observable<A> =>
      source$.pipe(
        timeout({
          // No longer than the whole time, since the clock may have been set back.
          first: Math.min(connectTimeoutMs, Math.max(0, dueAt - scheduler.now())),
          scheduler,
          with: () => throwError(() => new ConnectTimeout(connectTimeoutMs)),
        }),
      )
    // A hung attempt of a page that slept is lost in most cases.
    const hangs = (): boolean =>
      !opened && dueAt - scheduler.now() <= connectTimeoutMs - probeDeadlineMs(heartbeatIntervalMs)

    const restart$ = anyOf(
      unlessEmpty(inputs.changes$, (changes$) => changes$.pipe(filter(() => evaluated))),
      unlessEmpty(wake, (wakes$) => wakes$.pipe(filter(hangs))),
    )

    return inTime(inputs.at(attempt)).pipe(
      // switchMap: new inputs drop the old link.
      switchMap((input) => {
        // Later values of a function's stream have all the time again.
        const again = evaluated
        if (again) dueAt = scheduler.now() + connectTimeoutMs
        evaluated = true
        const heartbeat = (): Frame | undefined => unawaitedHeartbeat(serializer)
        const events$ = dial(transport, { ...input, vsn: serializer.vsn, heartbeat, scheduler })
        const open$ = inTime(events$.pipe(intoWire(context, proved))).pipe(
          switchMap((wire) => {
            opened = true
            return keptAlive(wire, attempt)
          }),
        )
        return again ? open$.pipe(startingWith<ConnectionState>(connecting)) : open$
      }),
      startingWith<ConnectionState>(connecting),
      // Subscribed before the inputs, so that nothing is dialled with the old values beside the new one. Starts anew, so
      // that functions are evaluated again: a token may have expired meanwhile.
      takeUntil(restart$),
    )
  }).pipe(repeat())

/** The open state first, so that joins go out; then heartbeats, whose failure is that of the connection. */
const keptAlive = (wire: Wire, attempt: number): Observable<ConnectionState> =>
  heartbeats(wire).pipe(
    ignoreElements(),
    startingWith<ConnectionState>({ status: 'open', attempt, connection: connectionOf(wire) }),
  )

/** Refs count from 1, so nobody waits for the reply to this one. */
const unawaitedHeartbeat = (serializer: Serializer): Frame | undefined => {
  const message = { topic: PHOENIX_TOPIC, event: HEARTBEAT, payload: {}, ref: '0', joinRef: null }
  const encoded = serializer.encode(message)
  return isLeft(encoded) ? undefined : encoded.right
}

/**
 * Emits the wire when the link opens, and feeds it the frames that follow. One operator and not a `filter` beside a `tap`,
 * since every frame goes through here.
 */
const intoWire =
  (context: SocketContext, proved: () => void) =>
  (events$: Observable<LinkEvent>): Observable<Wire> =>
    new Observable((subscriber) => {
      let wire: Wire | undefined
      const lost = (error: unknown): void => {
        subscriber.error(toConnectionError(error, wire !== undefined))
      }
      // Added first: whoever hears of the loss finds the wire closed, so that nothing is written to a dead link.
      subscriber.add(() => wire?.close())
      return events$.subscribe({
        // By what is there, since a transport from outside may emit anything.
        next: (event: { readonly frame?: Frame; readonly link?: Link } | null) => {
          if (event?.frame !== undefined) wire?.receive(event.frame)
          else if (event?.link) subscriber.next((wire = new Wire(event.link, context, proved, lost)))
          else lost(NO_LINK_EVENT)
        },
        error: (error) => {
          wire?.flush()
          lost(error)
        },
      })
    })
