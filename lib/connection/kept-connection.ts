import { defer, finalize, ignoreElements, type Observable, of, share, timer } from 'rxjs'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { connect } from './connect.ts'
import { type ConnectionState, IDLE } from './connection-state.ts'
import { wireOf } from './into-wire.ts'
import { anyOf, unlessEmpty, unlessPaused } from './operators.ts'
import { retryBy } from './retry-by.ts'
import { SharedState } from './shared-state.ts'
import { type SocketContext } from './socket-context.ts'

/** A connection that reconnects. A socket has one, or several if channels are spread over connections. */
export interface KeptConnection {
  /** Its number among the connections of the socket, from 1. */
  readonly number: number
  /** Shared; a late subscriber gets the current state immediately. */
  readonly states$: Observable<ConnectionState>
  state: ConnectionState
  /** How many topics are on it, joined or not. */
  topics: number
}

const PAUSED: ConnectionState = { status: 'paused' }

/**
 * A connection opens for the first subscriber, reconnects by the policy when it is lost, and closes after the last one has
 * left. Its states:
 *
 *     connect     c--o-----#
 *     reconnect            w---c--o---
 *     states$     c--o-----w---c--o---
 */
export const keptConnection = (context: SocketContext, number: number): KeptConnection => {
  const { inputs, settings, trace } = context
  const { reconnect, scheduler, pause, wake, lingerMs } = settings
  /** Reasons to try again now. */
  const reasons$ = anyOf(wake, inputs.changes$)
  const retrying$ = retryBy<ConnectionState, ConnectionError>({
    name: 'reconnect',
    decide: (cause, attempt) => (inputs.isHopeless(cause) ? 'stop' : reconnect(cause, attempt)),
    scheduler,
    retryNow$: reasons$,
    attempt: (failures, proved) => connect(context, failures, proved),
    waiting: (attempt, retryInMs, cause) => ({ status: 'waiting', attempt, retryInMs, cause }),
  })
  const lingering = (): Observable<unknown> => {
    // At most the whole time, even if the clock has been set back.
    const leftMs = lingerMs - Math.max(0, scheduler.now() - context.departedAt)
    return leftMs > 0 ? timer(leftMs, scheduler) : of(0)
  }
  const running$ = anyOf<ConnectionState>(
    // Streams stay subscribed between attempts and while paused: what they emit then must not be lost, and one that emits
    // whenever it is subscribed (a BehaviorSubject) must not end every wait.
    unlessEmpty(reasons$, (source$) => source$.pipe(ignoreElements())),
    unlessPaused(pause, retrying$, PAUSED),
  )
  let shared: SharedState
  const connector = (): SharedState =>
    (shared = new SharedState((state, cause) => {
      connection.state = state
      trace.emit?.({ type: 'connection', number, state, cause })
    }))
  const connection: KeptConnection = {
    number,
    state: IDLE,
    topics: 0,
    states$: defer(() => {
      const current = shared
      return running$.pipe(
        finalize(() => {
          current.end()
        }),
      )
    }).pipe(share({ connector, resetOnRefCountZero: lingering })),
  }
  return connection
}

/** The connections of a socket: one, or as many as `channelsPerConnection` asks for. */
export interface Connections {
  readonly all: readonly KeptConnection[]
  /** The one whose state the socket shows. */
  readonly first: KeptConnection
  /** A connection with room for one more topic, which has to be added before the next call. */
  withRoom(): KeptConnection
}

export const connections = (context: SocketContext): Connections => {
  const first = keptConnection(context, 1)
  const all = [first]
  return {
    all,
    first,
    withRoom: () => {
      const found = all.find((each) => load(each) < context.settings.channelsPerConnection)
      if (found) return found
      const added = keptConnection(context, all.length + 1)
      all.push(added)
      return added
    },
  }
}

/** How many places are taken: joins, and leaves that the server has not finished. */
const load = ({ topics, state }: KeptConnection): number => topics + (wireOf(state)?.leaves.size ?? 0)
