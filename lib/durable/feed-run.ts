import {
  catchError,
  concat,
  EMPTY,
  type Observable,
  ReplaySubject,
  type Subscriber,
  Subscription,
  tap,
  throwError,
} from 'rxjs'
import { type Channel, type ChannelState } from '../index.ts'
import { type Checkpoint } from './checkpoint.ts'
import { eventually } from './checkpoint-of.ts'
import { FeedOverflow } from './durable-error.ts'
import { type FeedEvent, FeedDelivery, type Flow, type Gap, type Invalid } from './feed-event.ts'
import { type FeedSettings } from './feed-options.ts'
import { InOrder } from './in-order.ts'
import { Keeper } from './keeper.ts'
import { type Placed, type Resumption } from './placed.ts'
import { type Cursor, type Position } from './position.ts'
import { type Placeable } from './read-message.ts'
import { resumptionOf } from './resumption-of.ts'

/** What a run shows to those who look on. */
export interface Onlookers {
  state(state: ChannelState): void
  committed(position: Position): void
  gap(gap: Gap): void
}

/**
 * A feed from its first subscriber to its last: loads the position, joins behind it, delivers, leaves the channel while
 * too much waits, and saves what is committed.
 */
export class FeedRun implements Flow, Placed {
  private readonly channel: Channel
  private readonly settings: FeedSettings
  private readonly subscriber: Subscriber<FeedEvent<unknown>>
  private readonly onlookers: Onlookers
  private readonly checkpoint: Checkpoint
  private readonly keeper: Keeper
  private loading: Subscription = Subscription.EMPTY
  private order: InOrder | undefined
  /** Undefined while the feed has left the channel. */
  private source: Subscription | undefined
  /** The join that was seen last. */
  private joined: ChannelState | undefined
  private committed: Position | undefined
  private committedOrdinal = 0
  private delivered = 0
  private redelivering = 0
  /** Deliveries that wait for their handler, or are with it. */
  private taken = 0
  /** Once the run is over: completes when the last position is saved, and errors if it cannot be. */
  private saved$: Observable<never> | undefined
  /** The position of a run that could not save it, for the next one. */
  private unsaved: Position | undefined
  /** The channel has ended; what is in hand ends first. */
  private ending = false

  constructor(
    channel: Channel,
    settings: FeedSettings,
    checkpoint: Checkpoint,
    subscriber: Subscriber<FeedEvent<unknown>>,
    onlookers: Onlookers,
  ) {
    this.channel = channel
    this.settings = settings
    this.checkpoint = checkpoint
    this.subscriber = subscriber
    this.onlookers = onlookers
    this.keeper = new Keeper(
      checkpoint,
      settings,
      () => this.position,
      (error) => {
        this.fail(error)
      },
    )
  }

  private get position(): Position | undefined {
    return this.committed && { ...this.committed, ahead: this.delivered - this.committedOrdinal }
  }

  /** After which the server is to go on. */
  get cursor(): Cursor | undefined {
    return this.order?.cursor
  }

  /** Begins when the run before has ended. */
  start(before: FeedRun | undefined): void {
    this.unsaved = before?.unsaved
    const ended$ = before ? before.stop().pipe(catchError(() => EMPTY)) : EMPTY
    const loaded$ = concat(
      ended$,
      eventually(() => this.checkpoint.load()),
    )
    this.loading = loaded$.subscribe({
      next: (loaded) => {
        // What could not be saved is known here all the same.
        this.unsaved = before?.unsaved
        const position = this.unsaved ?? loaded
        if (this.unsaved) this.keeper.changed()
        this.order = new InOrder(this.settings, position, this)
        this.committed = position
        this.redelivering = position?.ahead ?? 0
        if (position) this.onlookers.committed(position)
        this.listen(this.order)
      },
      error: (error: unknown) => {
        this.saved$ = EMPTY
        this.subscriber.error(error)
      },
    })
  }

  /** Leaves. What is left to do runs by itself: completes when the position is saved. */
  stop(): Observable<never> {
    if (this.saved$) return this.saved$
    this.source?.unsubscribe()
    this.source = undefined
    this.loading.unsubscribe()
    this.order?.stop()
    const ended$ = new ReplaySubject<never>(1)
    this.saved$ = ended$
    const saved$ = this.keeper.end()
    if (this.order) this.unsaved = this.position
    // By itself, since a subscriber that goes while the last position is being saved must not keep it locked.
    saved$
      .pipe(
        tap({
          complete: () => {
            if (this.order) this.unsaved = undefined
          },
        }),
      )
      .subscribe(ended$)
    return ended$
  }

  commit(ordinal: number, position: Position): void {
    if (this.saved$ || ordinal <= this.committedOrdinal) return
    this.committedOrdinal = ordinal
    this.committed = position
    this.onlookers.committed(position)
    this.keeper.changed()
  }

  take(): void {
    this.taken += 1
    this.limit()
  }

  settle(): void {
    this.taken -= 1
    this.idle()
  }

  deliver({ event, value, position }: Placeable): void {
    this.delivered += 1
    const redelivered = this.redelivering > 0
    if (redelivered) this.redelivering -= 1
    this.subscriber.next(new FeedDelivery(value, event, position, this.delivered, redelivered, this))
  }

  aside(event: Gap | Invalid): void {
    if (event.type === 'gap') this.onlookers.gap(event)
    this.subscriber.next(event)
  }

  begins(position: Position): void {
    if (this.committed) return
    this.committed = position
    this.onlookers.committed(position)
    this.keeper.changed()
  }

  /** Something that waited is done: ends, or joins again if the feed had left. */
  idle(): void {
    const { order, taken } = this
    if (this.saved$ || !order) return
    if (this.ending) {
      if (order.isIdle && taken === 0) this.end(EMPTY)
    } else if (!this.source && order.isIdle && taken <= this.settings.readAhead / 2) this.listen(order)
  }

  private listen(order: InOrder): void {
    const { channel, settings } = this
    const source = new Subscription()
    this.source = source
    order.expectJoin()
    // The events first, since a server in memory speaks while the states are being subscribed.
    for (const event of settings.events)
      source.add(
        channel.on(event).subscribe({
          next: (payload) => {
            order.receive(event, payload)
            this.limit()
          },
          error: () => undefined, // shown by the states
        }),
      )
    source.add(
      channel.subscribe({
        next: (state) => {
          this.onlookers.state(state)
          if (state.status !== 'joined') return
          // A feed that comes back within the message at which it left finds the join that it had. On a channel that
          // others hold as well that is no sign: they may have heard messages meanwhile.
          const isSame = settings.resumes && state === this.joined
          this.joined = state
          order.joined(isSame ? SAME_JOIN : resumptionOf(state.response, settings.resumes))
          this.limit()
        },
        error: (error: unknown) => {
          this.fail(error)
        },
        complete: () => {
          this.ending = true
          this.idle()
        },
      }),
    )
    // It may have been left meanwhile.
    if (this.source !== source) source.unsubscribe()
  }

  /** More would wait than may: no more is heard until half of it is done. */
  private limit(): void {
    const { settings, order, source } = this
    const { readAhead } = settings
    // Before the join is seen there is nothing that could be done, and nothing would bring the feed back.
    if (!source || !order || order.expectsJoin) return
    const waiting = order.size + this.taken
    if (waiting < readAhead) return
    if (settings.resumes || settings.backfill) {
      this.source = undefined
      source.unsubscribe()
    } else if (waiting > readAhead) this.fail(new FeedOverflow({ waiting }))
  }

  private fail(error: unknown): void {
    this.end(throwError(() => error))
  }

  private end(outcome$: Observable<never>): void {
    if (this.saved$) return
    const saved$ = this.stop()
    // An error of the feed itself is the one to show; that of the save would hide it.
    concat(outcome$ === EMPTY ? saved$ : saved$.pipe(catchError(() => EMPTY)), outcome$).subscribe(
      this.subscriber,
    )
  }
}

const SAME_JOIN: Resumption = { resumed: true, denied: false, start: undefined }
