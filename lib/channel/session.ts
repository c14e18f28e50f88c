import { NEVER, type Observable, type Observer, Subject, Subscription } from 'rxjs'
import { ChannelCrashed, type ChannelError } from '../protocol/channel-error.ts'
import { PHX_CLOSE, PHX_ERROR } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { ChannelClosed, ConnectionLost, type PushError } from '../protocol/push-error.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type LineState } from '../socket/connect.ts'
import { IDLE } from '../socket/connection-state.ts'
import { type Deadlines } from '../socket/deadlines.ts'
import { type Line, type LineFollower } from '../socket/line.ts'
import { type SocketSettings } from '../socket/socket-options.ts'
import { type DropReason, type Trace } from '../socket/trace.ts'
import { type TopicReceiver, type Wire } from '../socket/wire.ts'
import { ByEvent } from './by-event.ts'
import { type ChannelSettings, type EffectiveOptions, toChannelSettings } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { join, type Joined, leave } from './join.ts'
import { rejoin } from './rejoin.ts'

/** What all sessions of a socket share. */
export interface SessionContext {
  readonly socket: SocketSettings
  readonly deadlines: Deadlines
  readonly trace: Trace | undefined
  /** Called when a session has ended, before its subscribers hear of it. */
  readonly onEnd: (session: TopicSession) => void
}

/** A push as its session sees it. */
export interface SessionPush {
  /** The state has changed; `lost` makes the error of a push that was sent before and can have no reply any more. */
  follow(state: ChannelState, lost: () => PushError): void
  /** The session has failed for good. */
  stop(error: SocketError, lost: () => PushError): void
}

/**
 * The one join of a topic, shared by all who hold the topic, over any number of connections.
 *
 * A class with fields and no pipeline of its own, since there is one for each of ten thousand topics: what it takes
 * to join is a pipeline (`rejoin`) that exists only until the topic is joined.
 */
export class TopicSession implements LineFollower, TopicReceiver {
  readonly topic: string
  readonly options: EffectiveOptions
  readonly settings: ChannelSettings
  readonly context: SessionContext
  readonly events: ByEvent = new ByEvent()
  /** Pushes that wait for the join or for their reply, in order of subscription. */
  readonly pushes: Set<SessionPush> = new Set()
  readonly #line: Line
  readonly #states$ = new Subject<ChannelState>()
  #state: ChannelState = IDLE
  #wire: Wire | undefined
  #joinRef: string | undefined
  #joining: Subscription | undefined
  #lastMessage: Message | undefined
  #wasJoined = false
  #started = false
  #ended = false

  constructor(topic: string, options: EffectiveOptions, line: Line, context: SessionContext) {
    this.topic = topic
    this.options = options
    this.settings = toChannelSettings(options)
    this.context = context
    this.#line = line
  }

  get state(): ChannelState {
    return this.#state
  }

  /** The wire, while joined. */
  get wire(): Wire | undefined {
    return this.#state.status === 'joined' ? this.#wire : undefined
  }

  get joinRef(): string | null {
    return this.#joinRef ?? null
  }

  /** Connects and joins, at the first call. Subscribers are in place by then, so that they miss nothing. */
  start(): void {
    // Ended already: its only subscriber failed while it was put in place.
    if (this.#started || this.#ended) return
    this.#started = true
    this.#line.attach(this)
  }

  /** Gives the current state, if there is one yet, and those that follow. */
  subscribe(observer: Observer<ChannelState>): Subscription {
    if (this.#state !== IDLE) observer.next(this.#state)
    return this.#states$.subscribe(observer)
  }

  /** Nobody is subscribed any more: leaves, and lets the line go. */
  stop(): void {
    if (this.#ended) return
    const { wire, joinRef } = this
    this.#end()
    if (wire && joinRef !== null) leave(wire, this.topic, joinRef)
    this.#line.detach(this)
  }

  follow(state: LineState): void {
    if (state.status === 'open') {
      this.#wire = state.connection
      this.#rejoin()
      return
    }
    if (this.#state.status === 'waiting') return
    this.#forgetJoin()
    this.#wire = undefined
    const cause = state.status === 'waiting' ? state.cause : undefined
    this.#become({ status: 'waiting' }, () => new ConnectionLost({ sent: true, cause }))
  }

  ended(error: SocketError): void {
    this.#fail(error, () => new ConnectionLost({ sent: true, cause: error as ConnectionError }))
  }

  receive(message: Message): DropReason | undefined {
    const { event, joinRef } = message
    if (joinRef !== null && joinRef !== this.#joinRef) return 'stale join_ref'
    if (event !== PHX_CLOSE && event !== PHX_ERROR) {
      if (!this.settings.params.fixed) this.#lastMessage = message
      this.events.dispatch(message)
      return undefined
    }
    // With version 1.0.0 the join_ref of these two is in `ref`.
    if (joinRef === null && message.ref !== null && message.ref !== this.#joinRef) return 'stale join_ref'
    if (event === PHX_ERROR) this.#lose(message.payload)
    else this.#close()
    return undefined
  }

  /** A reply said "unmatched topic" to a push of this join: the server has lost it. */
  unmatched(joinRef: string | null, response: unknown): void {
    if (joinRef !== null && joinRef === this.#joinRef) this.#lose(response)
  }

  #rejoin(lost?: ChannelError): void {
    const { topic, settings, context } = this
    this.#joining?.unsubscribe()
    const joining = new Subscription()
    this.#joining = joining
    joining.add(
      rejoin({
        settings,
        scheduler: context.socket.scheduler,
        wake$: context.socket.wake,
        lost,
        rejoined: () => this.#wasJoined,
        lastMessage: () => this.#lastMessage,
        join: (params) => this.#join(params),
      }).subscribe({
        next: (state) => {
          if (state.status === 'errored') this.#forgetJoin(false)
          this.#wasJoined ||= state.status === 'joined'
          this.#become(state, lossOf(topic, state))
        },
        error: (error: ChannelError) => {
          this.#fail(error, lossOf(topic, { status: 'errored', cause: error }))
          this.#line.detach(this)
        },
        complete: () => {
          // Nothing of the pipeline is kept while joined.
          if (this.#joining === joining) this.#joining = undefined
        },
      }),
    )
  }

  #join(params: unknown): Observable<Joined> {
    const { topic, settings, context } = this
    const wire = this.#wire
    if (!wire) return NEVER
    const onSend = (joinRef: string): void => {
      this.#joinRef = joinRef
      wire.topics.set(topic, this)
    }
    return join(wire, {
      topic,
      params,
      timeoutMs: settings.joinTimeoutMs,
      deadlines: context.deadlines,
      onSend,
    })
  }

  /** The join is gone on the server; the policy says what now. */
  #lose(payload: unknown): void {
    this.#forgetJoin()
    this.#rejoin(new ChannelCrashed({ topic: this.topic, payload }))
  }

  /** The server closed the channel. */
  #close(): void {
    this.#end()
    this.#become({ status: 'closed' }, () => new ChannelClosed({ topic: this.topic, sent: true }))
    this.#states$.complete()
    this.events.complete()
    this.#line.detach(this)
  }

  #fail(error: SocketError, lost: () => PushError): void {
    this.#end()
    this.#states$.error(error)
    this.events.error(error)
    for (const push of [...this.pushes]) push.stop(error, lost)
  }

  /** Out of the registry before anybody hears of it, so that who subscribes again starts afresh. */
  #end(): void {
    this.#ended = true
    this.context.onEnd(this)
    this.#forgetJoin()
  }

  #forgetJoin(stopJoining = true): void {
    if (stopJoining) this.#joining?.unsubscribe()
    if (this.#joinRef !== undefined) this.#wire?.topics.delete(this.topic)
    this.#joinRef = undefined
  }

  #become(state: ChannelState, lost: () => PushError): void {
    this.#state = state
    this.context.trace?.({ type: 'channel', topic: this.topic, state })
    this.#states$.next(state)
    for (const push of [...this.pushes]) {
      // A subscriber may have brought the next state about, which the pushes have heard of by now.
      if (this.#state !== state) return
      push.follow(state, lost)
    }
  }
}

/** What becomes of a push that had been sent, when its channel is in this state. */
const lossOf =
  (
    topic: string,
    state: Pick<ChannelState, 'status'> & { readonly cause?: ChannelError },
  ): (() => PushError) =>
  () =>
    state.cause?._tag === 'ChannelCrashed'
      ? new ChannelCrashed({ topic, payload: state.cause.payload, sent: true })
      : new ChannelClosed({ topic, sent: true })
