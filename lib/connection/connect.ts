import { isLeft } from 'fp-ts/Either'
import { defer, EMPTY, filter, type Observable, repeat, switchMap, takeUntil } from 'rxjs'
import { HEARTBEAT, PHOENIX_TOPIC } from '../protocol/event.ts'
import { type Frame } from '../protocol/message.ts'
import { type Serializer } from '../protocol/serializer.ts'
import { dial } from '../transport/dial.ts'
import { anyOf, unlessEmpty } from './any-of.ts'
import { type ConnectionState } from './connection-state.ts'
import { heartbeats, probeDeadlineMs } from './heartbeat.ts'
import { intoWire } from './into-wire.ts'
import { connectionOf } from './open-connection.ts'
import { openWithin } from './open-within.ts'
import { type SocketContext } from './socket-context.ts'
import { startingWith } from './starting-with.ts'
import { type Wire } from './wire.ts'

/**
 * One attempt and the connection that it opens: evaluates the inputs, opens the transport, and keeps the connection alive.
 *
 *     inputs      -i----------
 *     transport   --l---------
 *     heartbeats  -------#
 *     connect     c--o---#
 *
 * A new value of an input closes the connection and opens another; a wake-up restarts an attempt that hangs. Errors with a
 * `ConnectionError`; never completes.
 */
export const connect = (
  context: SocketContext,
  failures: () => number,
  proved: () => void,
): Observable<ConnectionState> =>
  defer(() => {
    const { inputs, limits, settings } = context
    const { connectTimeoutMs, heartbeatIntervalMs, scheduler, serializer, transport, wake } = settings
    const heartbeat = (): Frame | undefined => unawaitedHeartbeat(serializer)
    let startedAt: number | undefined
    let evaluated = false
    // An attempt that still hangs after its page slept is lost in most cases.
    const hangs = (): boolean =>
      startedAt !== undefined && scheduler.now() - startedAt >= probeDeadlineMs(heartbeatIntervalMs)

    const attempt$ = defer(() => {
      const attempt = failures()
      const connecting = startingWith<ConnectionState>({ status: 'connecting', attempt })
      startedAt = scheduler.now()
      evaluated = false
      return inputs.at(attempt).pipe(
        // switchMap: new inputs drop the old link.
        switchMap((input) => {
          const again = evaluated
          evaluated = true
          if (again) startedAt = scheduler.now()
          const states$ = dial(transport, { ...input, vsn: serializer.vsn, heartbeat, scheduler }).pipe(
            intoWire(context, proved, (wire) => {
              startedAt = undefined
              return keptAlive(wire, attempt)
            }),
          )
          return again ? states$.pipe(connecting) : states$
        }),
        connecting,
        openWithin(connectTimeoutMs, limits),
      )
    })
    const restart$ = anyOf(
      unlessEmpty(inputs.changes$, (changes$) => changes$.pipe(filter(() => evaluated))),
      unlessEmpty(wake, (wakes$) => wakes$.pipe(filter(hangs))),
    )
    if (restart$ === EMPTY) return attempt$
    // Subscribed before the inputs, so that no connection opens with the old values beside the new one.
    const untilRestart$ = attempt$.pipe(takeUntil(restart$))
    // Each restart evaluates functions again: a token may have expired meanwhile.
    return untilRestart$.pipe(repeat())
  })

/** The open state first, so that joins go out; then heartbeats, whose failure ends the connection. */
const keptAlive = (wire: Wire, attempt: number): Observable<ConnectionState> =>
  heartbeats(wire).pipe(
    startingWith<ConnectionState>({ status: 'open', attempt, connection: connectionOf(wire) }),
  )

/** Refs count from 1, so nobody waits for the reply to this one. */
const unawaitedHeartbeat = (serializer: Serializer): Frame | undefined => {
  const message = { topic: PHOENIX_TOPIC, event: HEARTBEAT, payload: {}, ref: '0', joinRef: null }
  const encoded = serializer.encode(message)
  return isLeft(encoded) ? undefined : encoded.right
}
