import {
  finalize,
  ignoreElements,
  merge,
  type Observable,
  of,
  ReplaySubject,
  share,
  Subscription,
  tap,
  timer,
} from 'rxjs'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { type NextRef } from '../protocol/ref.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { connect, type Inputs, type LineState } from './connect.ts'
import { IDLE } from './connection-state.ts'
import { type Input } from './dynamic.ts'
import { unlessPaused } from './pause.ts'
import { retryBy } from './retry-by.ts'
import { slots } from './slots.ts'
import { type SocketSettings } from './socket-options.ts'
import { type Trace } from './trace.ts'

/** Whoever follows the states of a line besides its subscribers: one join, in practice. */
export interface LineFollower {
  follow(state: LineState): void
  /** The line has ended for good, since the policy stopped. */
  ended(error: SocketError): void
}

/** What all lines of a socket share. */
export interface LineContext {
  readonly inputs: Inputs
  readonly settings: SocketSettings
  readonly nextRef: NextRef
  readonly nextConnectionId: () => number
  readonly trace: Trace | undefined
  /** How long to stay connected, given that nobody is subscribed any more. */
  readonly lingerLeftMs: () => number
}

/**
 * One connection that is kept: it opens for the first subscriber, comes back by the policy when it is lost, and closes
 * after the last has gone. A socket has one line, or several if channels are spread over connections.
 */
export class Line {
  /** Shared; a late subscriber gets the current state at once. */
  readonly states$: Observable<LineState>
  #state: LineState = IDLE
  readonly #followers = new Set<LineFollower>()
  #following: Subscription | undefined

  constructor(context: LineContext) {
    this.states$ = lineStates(context).pipe(
      tap((state) => {
        this.#state = state
        context.trace?.({ type: 'connection', state })
      }),
      finalize(() => {
        this.#state = IDLE
        context.trace?.({ type: 'connection', state: IDLE })
      }),
      share({
        connector: () => new ReplaySubject<LineState>(1),
        resetOnRefCountZero: () => lingerFor(context.lingerLeftMs(), context.settings),
      }),
    )
  }

  get state(): LineState {
    return this.#state
  }

  /** How many places are taken on the connection: joins, and leaves that the server has not finished. */
  get load(): number {
    return this.#followers.size + (this.#state.status === 'open' ? this.#state.connection.leaving.size : 0)
  }

  /**
   * Adds a follower, tells it the state and keeps the line open for it. All followers share one subscription, so that
   * ten thousand of them come and go without a search.
   */
  attach(follower: LineFollower): void {
    this.#followers.add(follower)
    if (this.#following) {
      if (this.#state !== IDLE) follower.follow(this.#state)
      return
    }
    // In place before the states come, since a follower may bring another one while it hears the first state.
    this.#following = new Subscription()
    this.#following.add(
      this.states$.subscribe({
        next: (state) => {
          for (const each of [...this.#followers]) if (this.#followers.has(each)) each.follow(state)
        },
        error: (error: SocketError) => {
          const ended = [...this.#followers]
          this.#followers.clear()
          this.#following = undefined
          for (const each of ended) each.ended(error)
        },
      }),
    )
  }

  detach(follower: LineFollower): void {
    this.#followers.delete(follower)
    if (this.#followers.size > 0) return
    this.#following?.unsubscribe()
    this.#following = undefined
  }
}

const lingerFor = (leftMs: number, { scheduler }: SocketSettings): Observable<unknown> =>
  leftMs > 0 ? timer(leftMs, scheduler) : of(0)

/** The states of a connection that is kept: cold, one connection at a time. */
const lineStates = ({
  inputs,
  settings,
  nextRef,
  nextConnectionId,
  trace,
}: LineContext): Observable<LineState> => {
  const { reconnect, scheduler, pause, wake, serializer, joinsInFlight } = settings
  const changes$ = merge(inputs.url.changes$, inputs.params.changes$, inputs.authToken.changes$)
  const running$ = retryBy<LineState, ConnectionError>({
    name: 'reconnect',
    policy: (cause, attempt) => (isHopeless(cause, inputs) ? 'stop' : reconnect(cause, attempt)),
    scheduler,
    retryNow$: merge(wake, changes$),
    attempt: (attempt, proved) =>
      connect(attempt, inputs, settings, () => ({
        id: nextConnectionId(),
        serializer,
        nextRef,
        joins: slots(joinsInFlight),
        trace,
        proved,
      })),
    waiting: (attempt, retryInMs, cause) => ({ status: 'waiting', attempt, retryInMs, cause }),
  })
  // The streams among the inputs stay subscribed between attempts too: what they say then must not be lost.
  return unlessPaused(pause, merge(running$, changes$.pipe(ignoreElements())), { status: 'paused' } as const)
}

/** A plain value that cannot be used will not be usable later. */
const isHopeless = (cause: SocketError, inputs: Inputs): boolean =>
  cause._tag === 'InputFailed' &&
  Object.entries(inputs).some(([name, { fixed }]: [string, Input<unknown>]) => name === cause.input && fixed)
