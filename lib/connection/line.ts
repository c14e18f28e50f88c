import {
  concatMap,
  ignoreElements,
  merge,
  type Observable,
  of,
  ReplaySubject,
  share,
  Subject,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { type Message } from '../protocol/message.ts'
import { type NextRef } from '../protocol/ref.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { changesOf, connect, type Inputs } from './connect.ts'
import { wireOf } from './connection.ts'
import { type ConnectionState, IDLE } from './connection-state.ts'
import { type Input } from './dynamic.ts'
import { Leaving } from './leaving.ts'
import { unlessPaused } from './pause.ts'
import { retryBy } from './retry-by.ts'
import { Slots } from './slots.ts'
import { type SocketSettings } from './socket-options.ts'
import { type ConnectionSnapshot, stateAt } from './snapshot.ts'
import { type Trace } from './trace.ts'
import { type WireContext } from './wire.ts'

/** Whoever follows the states of a line besides its subscribers: one join, in practice. */
export interface LineFollower {
  /** Those with a higher priority are told first. */
  readonly settings: { readonly priority: number }
  follow(state: ConnectionState): void
  /** The line has ended for good, since the policy stopped. */
  ended(error: SocketError): void
}

/** What all lines of a socket share. */
export interface LineContext {
  readonly inputs: Inputs
  readonly settings: SocketSettings
  readonly nextRef: NextRef
  readonly nextConnectionId: () => number
  readonly departures: WireContext['departures']
  readonly trace: Trace
  /** Every message that arrives over any of the connections. */
  readonly arrivals$: Subject<Message>
  /** How long to stay connected, given that nobody is subscribed any more. */
  readonly lingerLeftMs: () => number
}

/**
 * One connection that is kept: it opens for the first subscriber, comes back by the policy when it is lost, and closes
 * after the last has gone. A socket has one line, or several if channels are spread over connections.
 */
export class Line {
  /** Shared; a late subscriber gets the current state at once. */
  readonly states$: Observable<ConnectionState>
  /** Counts the lines of a socket, from 1. */
  readonly number: number
  #state: ConnectionState = IDLE
  readonly #followers: Set<LineFollower> = new Set()
  readonly #unfollowed$: Subject<void> = new Subject()
  /** The state that the followers have heard last; undefined while there are none. */
  #followed: ConnectionState | undefined

  constructor(context: LineContext, number: number) {
    this.number = number
    const become = (state: ConnectionState, cause?: SocketError): void => {
      this.#state = state
      context.trace.tell?.({ type: 'connection', line: number, state: ofTheMoment(state), cause })
    }
    const end = (cause?: SocketError): void => {
      become(IDLE, cause)
    }
    this.states$ = lineStates(context).pipe(
      // One state after the other, also when a subscriber brings the next about while others have not heard of this one.
      concatMap((state) => of(state)),
      // Idle before anybody hears of an error, since `retry` subscribes again while it is being told.
      tap({ next: become, error: end, unsubscribe: end }),
      share({
        connector: () => new ReplaySubject<ConnectionState>(1),
        resetOnRefCountZero: () => lingerFor(context.lingerLeftMs(), context.settings),
      }),
    )
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** How many places are taken on the connection: joins, and leaves that the server has not finished. */
  get load(): number {
    return this.#followers.size + (wireOf(this.#state)?.leaving.size ?? 0)
  }

  inspect(atMs: number): ConnectionSnapshot {
    const state = this.#state
    const open = wireOf(state)
    return {
      line: this.number,
      state: stateAt(atMs, state),
      channels: this.#followers.size,
      connectionId: open?.id,
      bufferedAmount: open?.bufferedAmount,
      awaitedReplies: open && open.replies.size + open.leaving.awaited,
    }
  }

  /**
   * Adds a follower, tells it the state and keeps the line open for it. All followers share one subscription, so that
   * ten thousand of them come and go without a search.
   */
  attach(follower: LineFollower): void {
    this.#followers.add(follower)
    if (this.#followed) {
      // Not `#state`, which is ahead of the followers while the subscribers of the socket are being told.
      if (this.#followed !== IDLE) follower.follow(this.#followed)
      return
    }
    this.#followed = IDLE
    // takeUntil, since a follower may go while it hears the first state and there is no subscription to end yet.
    this.states$.pipe(takeUntil(this.#unfollowed$)).subscribe({
      next: (state) => {
        this.#followed = state
        const tellAll = (): void => {
          for (const each of [...this.#followers].sort((a, b) => b.settings.priority - a.settings.priority))
            if (this.#followers.has(each)) each.follow(state)
        }
        const wire = wireOf(state)
        if (wire) wire.hold(tellAll)
        else tellAll()
      },
      error: (error: SocketError) => {
        const ended = [...this.#followers]
        this.#followers.clear()
        this.#followed = undefined
        for (const each of ended) each.ended(error)
      },
    })
  }

  detach(follower: LineFollower): void {
    if (!this.#followers.delete(follower) || this.#followers.size > 0) return
    this.#followed = undefined
    this.#unfollowed$.next()
  }
}

/** For the trace, which may be kept for long: the numbers of the moment, and nothing that keeps a wire in memory. */
const ofTheMoment = (state: ConnectionState): ConnectionState =>
  state.status === 'open' ? { ...state, connection: { ...state.connection } } : state

const lingerFor = (leftMs: number, { scheduler }: SocketSettings): Observable<unknown> =>
  leftMs > 0 ? timer(leftMs, scheduler) : of(0)

/** The states of a connection that is kept: cold, one connection at a time. */
const lineStates = ({
  inputs,
  settings,
  nextRef,
  nextConnectionId,
  departures,
  trace,
  arrivals$,
}: LineContext): Observable<ConnectionState> => {
  const { reconnect, scheduler, pause, wake, serializer, joinsInFlight } = settings
  const changes$ = changesOf(inputs)
  const running$ = retryBy<ConnectionState, ConnectionError>({
    name: 'reconnect',
    policy: (cause, attempt) => (isHopeless(cause, inputs) ? 'stop' : reconnect(cause, attempt)),
    scheduler,
    retryNow$: merge(wake, changes$),
    attempt: (failures, proved) =>
      connect(failures, inputs, settings, () => ({
        id: nextConnectionId(),
        serializer,
        nextRef,
        joins: new Slots(joinsInFlight),
        leaving: new Leaving(scheduler),
        departures,
        trace,
        proved,
        arrivals$,
      })),
    waiting: (attempt, retryInMs, cause) => ({ status: 'waiting', attempt, retryInMs, cause }),
  })
  // Streams stay subscribed between attempts and while paused: what they say then must not be lost, and what one says
  // whenever it is subscribed (a BehaviorSubject) must not end every wait.
  return merge(
    merge(wake, changes$).pipe(ignoreElements()),
    unlessPaused(pause, running$, { status: 'paused' } as const),
  )
}

/** A plain value that cannot be used will not be usable later. */
const isHopeless = (cause: SocketError, inputs: Inputs): boolean =>
  cause._tag === 'InputFailed' &&
  Object.entries(inputs).some(([name, { fixed }]: [string, Input<unknown>]) => name === cause.input && fixed)
