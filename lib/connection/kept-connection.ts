import { ignoreElements, type MonoTypeOperatorFunction, Observable, of, share, timer } from 'rxjs'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { anyOf, unlessEmpty } from './any-of.ts'
import { connect } from './connect.ts'
import { type ConnectionState, IDLE } from './connection-state.ts'
import { LatestState } from './latest-state.ts'
import { wireOf } from './open-connection.ts'
import { unlessPaused } from './pause.ts'
import { retryBy } from './retry-by.ts'
import { type SocketContext } from './socket-context.ts'
import { withSubscription } from './with-subscription.ts'

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
    policy: (cause, attempt) => (inputs.isHopeless(cause) ? 'stop' : reconnect(cause, attempt)),
    scheduler,
    retryNow$: reasons$,
    attempt: (failures, proved) => connect(context, failures, proved),
    waiting: (attempt, retryInMs, cause) => ({ status: 'waiting', attempt, retryInMs, cause }),
  })
  const become = (state: ConnectionState, cause?: ConnectionError): void => {
    connection.state = state
    trace.emit?.({ type: 'connection', number, state, cause })
  }
  const lingering = (): Observable<unknown> => {
    // At most the whole time, even if the clock has been set back.
    const leftMs = lingerMs - Math.max(0, scheduler.now() - context.departedAt)
    return leftMs > 0 ? timer(leftMs, scheduler) : of(0)
  }
  const connection: KeptConnection = {
    number,
    state: IDLE,
    topics: 0,
    states$: anyOf<ConnectionState>(
      // Streams stay subscribed between attempts and while paused: what they emit then must not be lost, and one that emits
      // whenever it is subscribed (a BehaviorSubject) must not end every wait.
      unlessEmpty(reasons$, (source$) => source$.pipe(ignoreElements())),
      unlessPaused(pause, retrying$, PAUSED),
    ).pipe(
      announcedBy(become),
      share({ connector: () => new LatestState<ConnectionState>(), resetOnRefCountZero: lingering }),
    ),
  }
  return connection
}

/**
 * Emits one state after the other, even when a subscriber causes the next before others have received this one. `become`
 * comes first: the state is idle before anybody receives an error, since `retry` then subscribes again. Frames wait until all
 * subscribers have received the open state.
 */
const announcedBy =
  (
    become: (state: ConnectionState, cause?: ConnectionError) => void,
  ): MonoTypeOperatorFunction<ConnectionState> =>
  (states$) =>
    new Observable((subscriber) => {
      const waiting: ConnectionState[] = []
      const announce = (state: ConnectionState): void => {
        become(state)
        subscriber.next(state)
      }
      const announceAll = (): void => {
        for (const state of waiting) {
          if (subscriber.closed) return
          const wire = wireOf(state)
          if (wire)
            wire.hold(() => {
              announce(state)
            })
          else announce(state)
        }
        waiting.length = 0
      }
      let failed = false
      states$
        .pipe(
          withSubscription((subscription) => {
            subscriber.add(subscription)
          }),
        )
        .subscribe({
          next: (state) => {
            if (waiting.push(state) === 1) announceAll()
          },
          error: (cause: ConnectionError) => {
            failed = true
            become(IDLE, cause)
            subscriber.error(cause)
          },
        })
      return () => {
        if (!failed) become(IDLE)
      }
    })
