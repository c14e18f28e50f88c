import { type SchedulerLike, type Subscriber, type Subscription, type Unsubscribable } from 'rxjs'
import { ChannelCrashed, type ChannelError } from '../protocol/channel-error.ts'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { type Message, plainMessage } from '../protocol/message.ts'
import { ChannelClosed, ConnectionLost, type PushError } from '../protocol/push-error.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type ConnectionState, IDLE } from '../connection/connection-state.ts'
import { wireOf } from '../connection/into-wire.ts'
import { type KeptConnection } from '../connection/kept-connection.ts'
import { withSubscription } from '../connection/operators.ts'
import { departed, type SocketContext } from '../connection/socket-context.ts'
import { type Trace } from '../connection/trace.ts'
import { type Wire } from '../connection/wire.ts'
import { type ChannelOptions, type ChannelSettings } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { type Fold, type FoldHost, type FoldPlan, Folds } from './folds.ts'
import { Listeners, STATES } from './listeners.ts'
import { Membership } from './membership.ts'
import { type SharedTopic, type TopicPush } from './shared-topic.ts'

const CLOSED: ChannelState = { status: 'closed' }

/**
 * What all subscribers of a topic share: its state, the subscribers of its messages, its pushes, and the one join behind
 * them, over any number of connections. An object, not a pipeline, since every frame goes through it.
 */
export class Topic implements SharedTopic, FoldHost, Unsubscribable {
  readonly listeners: Listeners = new Listeners()
  state: ChannelState = IDLE
  /** How many are subscribed. */
  users = 0
  lingering: Subscription | undefined
  lastMessage: Message | undefined
  private readonly membership = new Membership(this)
  /** Why it is not joined; pushes that were sent fail because of it. */
  private cause: SocketError | undefined
  private settled = false
  private keeping = 0
  /** To the connection, and to params that are a stream. */
  private subscription: Subscription | undefined
  /** Created on demand: most channels have neither a fold nor events for one. */
  private folds: Folds | undefined
  private over = false

  /** @param ended - called before subscribers are notified of the end, with the reason; without one if all have unsubscribed. */
  constructor(
    readonly name: string,
    /** The options of the first subscriber: another subscriber with the same object needs no comparison. */
    readonly given: ChannelOptions,
    readonly settings: ChannelSettings,
    readonly connection: KeptConnection,
    readonly context: SocketContext,
    private readonly ended: (topic: Topic, ending?: ChannelState) => void,
  ) {}

  get wire(): Wire | undefined {
    const { wire, joinRef } = this.membership
    // A closed wire: the socket's own subscribers are notified of a loss before the channel, and may push then. No joinRef:
    // the join is lost, and the policy is called before the channel is notified.
    return this.state.status === 'joined' && joinRef && !wire?.closed ? wire : undefined
  }

  get ready(): boolean {
    return this.settled && this.wire !== undefined
  }

  get joinRef(): string | null {
    return this.membership.joinRef ?? null
  }

  get pushes(): Set<TopicPush> {
    return this.listeners.pushes
  }

  get scheduler(): SchedulerLike {
    return this.context.settings.scheduler
  }

  get trace(): Trace {
    return this.context.trace
  }

  /** One more is subscribed. */
  use(): void {
    this.lingering?.unsubscribe()
    this.lingering = undefined
    this.users += 1
  }

  /** Connects and joins, at the first call. Subscribers are in place by then, so that they miss nothing. */
  start(): void {
    // Over already: its only subscriber failed while it was being added.
    if (this.subscription || this.over) return
    this.connection.topics += 1
    const { input } = this.settings
    const held = withSubscription<ConnectionState>((subscription) => {
      this.subscription = subscription
      // A stream stays subscribed between joins too: what it emits then must not be lost.
      if (!input.fixed) subscription.add(input.changes$.subscribe())
    })
    this.connection.states$.pipe(held).subscribe(this)
  }

  /** The state of the connection has changed. */
  next(state: ConnectionState): void {
    if (this.over) return
    const { membership } = this
    const wire = wireOf(state)
    if (wire) {
      membership.wire = wire
      membership.begin()
    } else if (this.state.status !== 'waiting') {
      membership.end(false)
      membership.wire = undefined
      this.become({ status: 'waiting' }, state.status === 'waiting' ? state.cause : undefined)
    }
  }

  /** The policy has stopped. */
  error(error: ConnectionError): void {
    this.membership.wire = undefined
    this.fail(error, false)
  }

  /** Emits the current state, if there is one yet, and those that follow. Returns the teardown. */
  observe(subscriber: Subscriber<ChannelState>): () => void {
    const teardown = this.listeners.add(STATES, subscriber)
    if (this.state !== IDLE) subscriber.next(this.state)
    return teardown
  }

  /** The reducer of a plan, which gets all messages from now on and those that it missed. */
  fold<F extends Fold>(plan: FoldPlan<F>): F {
    return this.needFolds().get(plan)
  }

  rejoin(): void {
    if (!this.wire) return
    this.membership.forget(true)
    // A server in memory answers within the leave, and a subscriber may end the topic then.
    if (!this.over) this.membership.begin()
  }

  send(event: string, payload: unknown): void {
    const { name: topic, wire, joinRef } = this
    wire?.send({ topic, event, payload, ref: this.context.nextRef(), joinRef })
  }

  /** Nobody is subscribed any more: leaves. */
  stop(): void {
    if (this.over) return
    this.end(true)
    this.report(IDLE)
    this.subscription?.unsubscribe()
  }

  keepDuring(act: () => void): void {
    this.keeping += 1
    try {
      act()
    } finally {
      this.keeping -= 1
      this.checkUse()
    }
  }

  /** One of its subscribers has gone. Each has the topic as its teardown, which takes no closure. */
  unsubscribe(): void {
    departed(this.context)
    this.users -= 1
    this.checkUse()
  }

  loss(): PushError {
    const { name: topic, cause } = this
    if (!this.membership.wire)
      return new ConnectionLost({ sent: true, cause: cause as ConnectionError | undefined })
    return cause?._tag === 'ChannelCrashed'
      ? new ChannelCrashed({ topic, payload: cause.payload, sent: true })
      : new ChannelClosed({ topic, sent: true })
  }

  dispatch(message: Message): void {
    this.keepDuring(() => {
      const { input, retained } = this.settings
      // Parsed now, so that invalid JSON does not throw in the function for the params.
      if (!input.fixed) this.lastMessage = plainMessage(message)
      if (this.folds || retained.includes(message.event)) this.needFolds().receive(message)
      this.listeners.dispatch(message)
    })
  }

  unmatched(joinRef: string | null, response: unknown): void {
    if (joinRef !== null && joinRef === this.joinRef) this.membership.lose(response)
  }

  become(state: ChannelState, cause?: SocketError): void {
    this.state = state
    this.cause = cause
    this.settled = false
    this.report(state)
    this.keepDuring(() => {
      if (state.status === 'joined') this.folds?.joined()
      else this.folds?.lost()
      const isCurrent = (): boolean => this.state === state
      this.listeners.announce(state, isCurrent)
      if (isCurrent()) this.settled = this.wire !== undefined
    })
  }

  fail(error: SocketError, leaving: boolean): void {
    const ending: ChannelState = { status: 'idle', cause: error as ChannelError }
    this.end(leaving, ending)
    this.cause = error
    this.report(ending)
    this.listeners.fail(error)
    this.subscription?.unsubscribe()
  }

  close(): void {
    this.end(false, CLOSED)
    this.become(CLOSED)
    this.listeners.complete()
    this.subscription?.unsubscribe()
  }

  private checkUse(): void {
    if (this.users + this.keeping > 0 || this.over) return
    const { lingerMs } = this.settings
    if (lingerMs === 0) this.stop()
    else
      this.lingering ??= this.scheduler.schedule(() => {
        this.stop()
      }, lingerMs)
  }

  private needFolds(): Folds {
    return (this.folds ??= new Folds(this, this.settings.retain, this.wire !== undefined))
  }

  /** Removed from the holder before anybody is notified of the end, so that subscribing again starts afresh. */
  private end(leaving: boolean, ending?: ChannelState): void {
    this.over = true
    this.settled = false
    this.lingering?.unsubscribe()
    this.ended(this, ending)
    this.membership.end(leaving)
    if (this.subscription) this.connection.topics -= 1
    // A fold may have a timer, for a repair.
    this.folds?.lost()
  }

  private report(state: ChannelState): void {
    const { name: topic, membership, trace } = this
    trace.emit?.({ type: 'channel', topic, connectionId: membership.wire?.id, state })
  }
}
