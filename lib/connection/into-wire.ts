import { Observable, type Observer, type OperatorFunction, type Subscriber, type Unsubscribable } from 'rxjs'
import {
  ConnectionClosed,
  type ConnectionError,
  ConnectionFailed,
  isConnectionError,
} from '../protocol/connection-error.ts'
import { type Frame } from '../protocol/message.ts'
import { NO_LINK_EVENT, transportEnded } from '../transport/dial.ts'
import { type Link, type LinkEvent } from '../transport/transport.ts'
import { type Connection, type ConnectionState } from './connection-state.ts'
import { type SocketContext } from './socket-context.ts'
import { Wire } from './wire.ts'

/**
 * Makes a wire of the link when it opens, passes it the frames that follow, and emits what `use` makes of it. One operator,
 * since every frame goes through here.
 *
 *     events  -o-f-f-f-#
 *     use      a-b-
 *     result  -a-b-----#
 */
export const intoWire =
  <A>(
    context: SocketContext,
    proved: () => void,
    use: (wire: Wire) => Observable<A>,
  ): OperatorFunction<LinkEvent, A> =>
  (events$) =>
    new Observable((subscriber) => {
      const wired = new Wired(context, proved, use, subscriber)
      // Added first: subscribers find the wire closed when the loss reaches them, so nothing is written to a dead link.
      subscriber.add(wired)
      return events$.subscribe(wired as Observer<unknown>)
    })

/** A link and the wire that is made of it. An object, so that an open connection does not keep the Observables behind it. */
class Wired<A> implements Observer<{ readonly frame?: Frame; readonly link?: Link } | null>, Unsubscribable {
  private wire: Wire | undefined

  constructor(
    private readonly context: SocketContext,
    private readonly proved: () => void,
    private readonly use: (wire: Wire) => Observable<A>,
    private readonly subscriber: Subscriber<A>,
  ) {}

  /** Checks which fields are there, since a custom transport may emit anything. */
  next(event: { readonly frame?: Frame; readonly link?: Link } | null): void {
    if (event?.frame !== undefined) this.wire?.receive(event.frame)
    else if (event?.link && !this.wire) this.open(event.link)
    else this.lost(NO_LINK_EVENT)
  }

  error(error: unknown): void {
    this.wire?.flush()
    this.lost(error)
  }

  complete(): void {
    this.error(transportEnded())
  }

  unsubscribe(): void {
    this.wire?.close()
  }

  private open(link: Link): void {
    this.wire = new Wire(link, this.context, this.proved, (error) => {
      this.lost(error)
    })
    this.use(this.wire).subscribe(this.subscriber)
  }

  private lost(error: unknown): void {
    this.subscriber.error(toConnectionError(error, this.wire !== undefined))
  }
}

const wires: WeakMap<Connection, Wire> = new WeakMap()

/**
 * What users see of a wire: an object that a store may freeze, and whose clones and proxies work. The wire, which lives and
 * has tables that hold params and tokens, cannot be got at by it.
 */
export const connectionOf = (wire: Wire): Connection => {
  const connection: Connection = {
    id: wire.id,
    get bufferedAmount() {
      return wire.link.bufferedAmount
    },
  }
  wires.set(connection, wire)
  return connection
}

/** The wire behind a state, if it is open. */
export const wireOf = (state: ConnectionState): Wire | undefined =>
  state.status === 'open' ? wires.get(state.connection) : undefined

/** The close code of a connection that ended without a close frame. */
const NO_CLOSE_FRAME = 1006

/** A transport from outside may fail with anything; the states show only connection errors. */
export const toConnectionError = (error: unknown, opened: boolean): ConnectionError => {
  if (isConnectionError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  return opened
    ? new ConnectionClosed({ code: NO_CLOSE_FRAME, reason, wasClean: false, cause: error })
    : new ConnectionFailed(reason, { cause: error })
}
