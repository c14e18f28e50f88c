import { type Observer, type SchedulerLike, type Subscription, type Unsubscribable } from 'rxjs'
import { ChannelCrashed, type ChannelError } from '../protocol/channel-error.ts'
import { PHX_CLOSE, PHX_ERROR } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'
import { plainMessage } from '../protocol/plain-message.ts'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { ChannelClosed, ConnectionLost, type PushError } from '../protocol/push-error.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { wireOf } from '../connection/connection.ts'
import { type ConnectionState, IDLE } from '../connection/connection-state.ts'
import { type Deadlines } from '../connection/deadlines.ts'
import { type Line, type LineFollower } from '../connection/line.ts'
import { type ChannelSnapshot, shownState, stateAt } from '../connection/snapshot.ts'
import { type SocketSettings } from '../connection/socket-options.ts'
import { type Trace } from '../connection/trace.ts'
import { type ChannelTrace, type DropReason } from '../connection/trace-event.ts'
import { type Wire } from '../connection/wire.ts'
import { Audience } from './audience.ts'
import {
  type ChannelOptions,
  type ChannelSettings,
  type EffectiveOptions,
  type Prepared,
} from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { isStale, lostJoin } from './drop-stale.ts'
import { type Fold, type FoldHost, type FoldPlan } from './fold.ts'
import { Folds } from './folds.ts'
import { type GivenUp, type Member, Membership } from './membership.ts'

const CLOSED: ChannelState = { status: 'closed' }

/** What all sessions of a socket share. */
export interface SessionContext {
  readonly socket: SocketSettings
  readonly deadlines: Deadlines
  readonly trace: Trace
  /** Called when a session has ended, before its subscribers hear of it. `ending` is how, unless all of them had gone. */
  readonly onEnd: (session: TopicSession, ending?: ChannelState) => void
  /** Called when a subscriber has gone. */
  readonly onReleased: () => void
  /** Called when the last subscriber has gone: time to linger, or to stop. */
  readonly onUnused: (session: TopicSession) => void
}

/**
 * The one join of a topic, shared by all who hold the topic, over any number of connections.
 *
 * A class with fields and no pipeline of its own, since there is one for each of ten thousand topics
 * (docs/decisions/0001).
 */
export class TopicSession extends Audience implements LineFollower, Member, FoldHost, Unsubscribable {
  readonly topic: string
  /** The options of who began it; whoever comes with the same object need not have them compared. */
  readonly given: ChannelOptions
  readonly options: EffectiveOptions
  readonly settings: ChannelSettings
  readonly context: SessionContext
  /** How many are subscribed. */
  users = 0
  lingering: Subscription | undefined
  /** Kept for params that ask for it. */
  lastMessage: Message | undefined
  readonly #line: Line
  #state: ChannelState = IDLE
  readonly #membership = new Membership(this)
  /** Why it is not joined: what a sent push fails with. */
  #cause: SocketError | undefined
  #ready = false
  #holds = 0
  #params: Subscription | undefined
  /** Made when it is needed: most channels have neither a fold nor events for one. */
  #folds: Folds | undefined
  #started = false
  #ended = false

  constructor(
    topic: string,
    given: ChannelOptions,
    { options, settings }: Prepared,
    line: Line,
    context: SessionContext,
  ) {
    super()
    this.topic = topic
    this.given = given
    this.options = options
    this.settings = settings
    this.context = context
    this.#line = line
  }

  get state(): ChannelState {
    return this.#state
  }

  /** The wire, while joined. */
  get wire(): Wire | undefined {
    const { wire, joinRef } = this.#membership
    // Closed: the socket's own subscribers hear of a loss before the channel does, and may push at that. Without a
    // joinRef: the join is lost, which a policy is told before the channel is.
    return this.#state.status === 'joined' && joinRef && !wire?.closed ? wire : undefined
  }

  /** Joined, and the pushes that waited for it have been sent: a new one need not queue behind them. */
  get ready(): boolean {
    return this.#ready && this.wire !== undefined
  }

  get joinRef(): string | null {
    return this.#membership.joinRef ?? null
  }

  inspect(atMs: number): ChannelSnapshot {
    return {
      topic: this.topic,
      line: this.#line.number,
      state: stateAt(atMs, this.#state),
      subscribers: this.users,
      lingering: this.lingering !== undefined,
      pushes: this.inspectPushes(atMs),
    }
  }

  /** Connects and joins, at the first call. Subscribers are in place by then, so that they miss nothing. */
  start(): void {
    // Ended already: its only subscriber failed while it was put in place.
    if (this.#started || this.#ended) return
    this.#started = true
    // A stream stays subscribed between joins too: what it says then must not be lost.
    if (!this.settings.params.fixed) this.#params = this.settings.params.changes$.subscribe()
    this.#line.attach(this)
  }

  /** Gives the current state, if there is one yet, and those that follow. */
  subscribe(subscriber: Observer<ChannelState>): () => void {
    const remove = this.addToStates(subscriber)
    if (this.#state !== IDLE) subscriber.next(this.#state)
    return remove
  }

  /** The reducer of a plan, which is fed from now on and knows what it missed. */
  fold<F extends Fold>(plan: FoldPlan<F>): F {
    return this.#foldsOf().get(plan)
  }

  get scheduler(): SchedulerLike {
    return this.context.socket.scheduler
  }

  get trace(): Trace {
    return this.context.trace
  }

  rejoin(): void {
    if (!this.wire) return
    this.#membership.forget('leave')
    // Somebody who was told something within the leave may have ended it all.
    if (!this.#ended) this.#membership.begin()
  }

  send(event: string, payload: unknown): void {
    const { topic, wire, joinRef } = this
    wire?.send({ topic, event, payload, ref: wire.nextRef(), joinRef })
  }

  /** Nobody is subscribed any more: leaves, and lets the line go. */
  stop(): void {
    if (this.#ended) return
    this.#end('leave')
    this.#tell(IDLE)
    this.#line.detach(this)
  }

  /**
   * Stays until `release`, whoever unsubscribes meanwhile. Held while somebody is told something, so that one who
   * subscribes again at that, as `retry`, `repeat` and `concat` do, finds the join, or the wait for it, and no new one.
   */
  hold(): void {
    this.#holds += 1
  }

  release(): void {
    this.#holds -= 1
    this.#checkUse()
  }

  /** One of its users has gone: the teardown of what is derived from it. */
  unsubscribe(): void {
    this.context.onReleased()
    this.users -= 1
    this.#checkUse()
  }

  #checkUse(): void {
    if (this.users + this.#holds === 0) this.context.onUnused(this)
  }

  follow(state: ConnectionState): void {
    if (this.#ended) return
    const wire = wireOf(state)
    if (wire) {
      this.#membership.wire = wire
      this.#membership.begin()
      return
    }
    if (this.#state.status === 'waiting') return
    this.#membership.end('gone')
    this.#membership.wire = undefined
    this.#become({ status: 'waiting' }, state.status === 'waiting' ? state.cause : undefined)
  }

  /** The line has ended for good. */
  ended(error: SocketError): void {
    this.#membership.wire = undefined
    this.#fail(error, 'gone')
  }

  /** The error of a push that had been sent and can have no reply any more, now that the join is gone. */
  loss(): PushError {
    const { topic } = this
    const cause = this.#cause
    if (!this.#membership.wire)
      return new ConnectionLost({ sent: true, cause: cause as ConnectionError | undefined })
    return cause?._tag === 'ChannelCrashed'
      ? new ChannelCrashed({ topic, payload: cause.payload, sent: true })
      : new ChannelClosed({ topic, sent: true })
  }

  receive(message: Message): DropReason | undefined {
    if (isStale(message, this.#membership)) return 'stale join_ref'
    if (message.event === PHX_ERROR) this.#lose(message.payload)
    else if (message.event === PHX_CLOSE) this.#close()
    else this.#dispatch(message)
    return undefined
  }

  /** A reply for which nobody waits, such as that to a send: it may say that the topic is not joined. */
  unasked(message: Message): boolean {
    const lost = this.wire && lostJoin(message, this.joinRef ?? '')
    if (lost) this.#lose(lost.response)
    return lost !== undefined
  }

  /** A reply said "unmatched topic" to a push of this join: the server has lost it. */
  unmatched(joinRef: string | null, response: unknown): void {
    if (joinRef !== null && joinRef === this.#membership.joinRef) this.#lose(response)
  }

  #dispatch(message: Message): void {
    const { params, retained } = this.settings
    this.hold()
    try {
      // Read at once, since a payload that is none must not come to light in the function for the params.
      if (!params.fixed) this.lastMessage = plainMessage(message)
      if (this.#folds || retained.includes(message.event)) this.#foldsOf().receive(message)
      this.dispatch(message)
    } finally {
      this.release()
    }
  }

  #foldsOf(): Folds {
    return (this.#folds ??= new Folds(this, this.settings.retain, this.wire !== undefined))
  }

  onState(state: ChannelState): void {
    this.#become(state, state.status === 'errored' ? state.cause : undefined)
  }

  onStop(error: ChannelError): void {
    this.#fail(error, 'leave')
    this.#line.detach(this)
  }

  /** The join is gone on the server; the policy says what now. */
  #lose(payload: unknown): void {
    this.#membership.lose(new ChannelCrashed({ topic: this.topic, payload }))
  }

  /** The server closed the channel. */
  #close(): void {
    this.#end('gone', CLOSED)
    this.#become(CLOSED)
    this.complete()
    this.#line.detach(this)
  }

  #fail(error: SocketError, join: GivenUp): void {
    this.#end(join, { status: 'idle', cause: error as ChannelError })
    this.#cause = error
    this.#tell({ status: 'idle', cause: error._tag })
    this.fail(error)
  }

  /** Out of the registry before anybody hears of it, so that who subscribes again starts afresh. */
  #end(join: GivenUp, ending?: ChannelState): void {
    this.#ended = true
    this.#ready = false
    this.#params?.unsubscribe()
    this.context.onEnd(this, ending)
    this.#membership.end(join)
    // A fold may have a timer, for a repair.
    this.#folds?.lost()
  }

  #tell(state: ChannelTrace): void {
    const { topic, trace } = this
    trace.tell?.({ type: 'channel', topic, connectionId: this.#membership.wire?.id, state })
  }

  #become(state: ChannelState, cause?: SocketError): void {
    this.#state = state
    this.#cause = cause
    this.#ready = false
    if (this.trace.tell) this.#tell(shownState(state))
    this.hold()
    if (state.status === 'joined') this.#folds?.joined()
    else this.#folds?.lost()
    if (this.tell(this)) this.#ready = this.wire !== undefined
    this.release()
  }
}
