import { isLeft } from 'fp-ts/Either'
import {
  defer,
  EMPTY,
  filter,
  Observable,
  repeat,
  type Subscriber,
  switchMap,
  takeUntil,
  type Unsubscribable,
} from 'rxjs'
import { ConnectTimeout } from '../protocol/connection-error.ts'
import { HEARTBEAT, PHOENIX_TOPIC } from '../protocol/event.ts'
import { type Frame } from '../protocol/message.ts'
import { type Serializer } from '../protocol/serializer.ts'
import { type ConnectionState } from './connection-state.ts'
import { heartbeats, probeDeadlineMs } from './heartbeat.ts'
import { connectionOf, intoWire } from './into-wire.ts'
import { anyOf, startingWith, unlessEmpty } from './operators.ts'
import { type SocketContext } from './socket-context.ts'
import { type Wire } from './wire.ts'
import { type Expiring, type SharedTimer } from './within.ts'

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
    const { inputs, settings } = context
    const { heartbeatIntervalMs, scheduler, serializer, transport, wake } = settings
    const { vsn } = serializer
    const heartbeat = (): Frame | undefined => unawaitedHeartbeat(serializer)
    let opening: Opening | undefined
    // An attempt that still hangs after its page slept is lost in most cases.
    const hangs = (): boolean =>
      scheduler.now() - (opening?.startedAt ?? Infinity) >= probeDeadlineMs(heartbeatIntervalMs)

    const attempt$ = new Observable<ConnectionState>((subscriber) => {
      const attempt = failures()
      const connecting = startingWith<ConnectionState>({ status: 'connecting', attempt })
      const current = (opening = new Opening(context, subscriber))
      subscriber.add(current)
      current.start()
      inputs
        .at(attempt)
        .pipe(
          // switchMap: new inputs drop the old link.
          switchMap((input, i) => {
            current.evaluated = true
            if (i > 0) current.start()
            const states$ = defer(() => transport({ ...input, vsn, heartbeat, scheduler })).pipe(
              intoWire(context, proved, (wire) => {
                current.unsubscribe()
                return keptAlive(wire, attempt)
              }),
            )
            return i > 0 ? states$.pipe(connecting) : states$
          }),
          connecting,
        )
        .subscribe(subscriber)
    })
    const restart$ = anyOf(
      unlessEmpty(inputs.changes$, (changes$) => changes$.pipe(filter(() => opening?.evaluated === true))),
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

/**
 * An attempt to connect until it is open, with its time limit: after `connectTimeoutMs` the subscriber gets
 * `ConnectTimeout`. New inputs start it again.
 */
class Opening implements Expiring, Unsubscribable {
  /** Whether url, params and token are known. */
  evaluated = false
  startedAt = 0
  private readonly timeoutMs: number
  private readonly limits: SharedTimer
  private readonly subscriber: Subscriber<unknown>

  constructor({ limits, settings }: SocketContext, subscriber: Subscriber<unknown>) {
    this.timeoutMs = settings.connectTimeoutMs
    this.limits = limits(this.timeoutMs)
    this.subscriber = subscriber
  }

  start(): void {
    this.unsubscribe()
    this.limits.start(this)
  }

  expire(): void {
    this.subscriber.error(new ConnectTimeout(this.timeoutMs))
  }

  /** It is open, or was given up. */
  unsubscribe(): void {
    this.startedAt = Infinity
    this.limits.end(this)
  }
}
