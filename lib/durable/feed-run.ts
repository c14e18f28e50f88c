import { catchError, concat, EMPTY, type Observable, type Subscriber, Subscription, throwError } from 'rxjs'
import { type Channel, type ChannelState } from '../index.ts'
import { type Checkpointer } from './checkpointer.ts'
import { FeedOverflow } from './durable-error.ts'
import { type FeedEvent, FeedDelivery, type Flow, type Gap, type Invalid } from './feed-event.ts'
import { type FeedSettings } from './feed-options.ts'
import { InOrder, type OrderedOutput } from './in-order.ts'
import { type Cursor, type Position } from './position.ts'
import { Progress } from './progress.ts'
import { readChannel } from './read-channel.ts'
import { type PositionedMessage } from './read-message.ts'
import { type Resumption, resumptionOf } from './resumption-of.ts'

/** The views of a feed, which outlive its runs. */
export interface FeedViews {
  state(state: ChannelState): void
  committed(position: Position): void
  gap(gap: Gap): void
}

/**
 * A feed from its first subscriber to its last: loads the position, joins behind it, delivers, leaves the channel while
 * too many messages wait for their handlers, and saves what is committed.
 */
export class FeedRun implements Flow, OrderedOutput {
  private loading: Subscription = Subscription.EMPTY
  private progress: Progress = new Progress(undefined)
  /** Undefined until the position is loaded. */
  private order: InOrder | undefined
  /** Undefined while the feed has left the channel. */
  private reading: Subscription | undefined
  /** The last join. */
  private joined: ChannelState | undefined
  /** Deliveries that wait for their handlers, or for an earlier one that is not done. */
  private taken = 0
  /** The channel has completed: so does the feed when everything in hand is done. */
  private completing = false
  private stopped = false

  constructor(
    private readonly channel: Channel,
    private readonly settings: FeedSettings,
    private readonly checkpointer: Checkpointer,
    private readonly subscriber: Subscriber<FeedEvent<unknown>>,
    private readonly views: FeedViews,
  ) {}

  /** The position after which the server is to continue. */
  get cursor(): Cursor | undefined {
    return this.order?.cursor
  }

  start(): void {
    const loaded$ = this.checkpointer.open((error) => {
      this.fail(error)
    })
    this.loading = loaded$.subscribe({
      next: (progress) => {
        this.progress = progress
        this.order = new InOrder(this.settings, progress.committed, this)
        if (progress.committed) this.views.committed(progress.committed)
        this.read(this.order)
      },
      error: (error: unknown) => {
        this.subscriber.error(error)
      },
    })
  }

  /** Leaves the channel. Completes when the position is saved, and errors if it cannot be; does both without a subscriber, too. */
  stop(): Observable<never> {
    if (this.stopped) return EMPTY
    this.stopped = true
    this.reading?.unsubscribe()
    this.loading.unsubscribe()
    this.order?.stop()
    return this.checkpointer.close()
  }

  commit(ordinal: number, position: Position): void {
    if (this.stopped || !this.progress.commit(ordinal, position)) return
    this.views.committed(position)
    this.checkpointer.changed()
  }

  take(): void {
    this.taken += 1
    this.pauseIfFull()
  }

  settle(): void {
    this.taken -= 1
    this.idle()
  }

  deliver({ event, value, position }: PositionedMessage): void {
    const { ordinal, redelivered } = this.progress.next()
    this.subscriber.next(new FeedDelivery(value, event, position, ordinal, redelivered, this))
  }

  emit(event: Gap | Invalid): void {
    if (event.type === 'gap') this.views.gap(event)
    this.subscriber.next(event)
  }

  begin(position: Position): void {
    if (this.progress.committed) return
    this.progress.committed = position
    this.views.committed(position)
    this.checkpointer.changed()
  }

  /** Something that waited is done: completes, or comes back if the feed has left the channel. */
  idle(): void {
    const { order, taken, settings } = this
    if (this.stopped || !order?.isIdle) return
    if (this.completing) {
      if (taken === 0) this.stop().subscribe(this.subscriber)
    } else if (!this.reading && taken <= settings.readAhead / 2) this.read(order)
  }

  private read(order: InOrder): void {
    const { channel, settings, views } = this
    const reading = new Subscription()
    this.reading = reading
    order.expectJoin()
    reading.add(
      readChannel(channel, settings.events, {
        message: (event, payload) => {
          order.receive(event, payload)
          this.pauseIfFull()
        },
        state: (state) => {
          views.state(state)
          if (state.status !== 'joined') return
          // A feed that comes back within the message at which it left finds the join that it had. On a channel that
          // others hold as well that proves nothing: messages may have come meanwhile.
          const isSame = settings.resumes && state === this.joined
          this.joined = state
          order.joined(isSame ? SAME_JOIN : resumptionOf(state.response, settings.resumes))
          this.pauseIfFull()
        },
        error: (error) => {
          this.fail(error)
        },
        complete: () => {
          this.completing = true
          this.idle()
        },
      }),
    )
  }

  /** While as many wait as may, the feed leaves the channel; it comes back when half of them are done. */
  private pauseIfFull(): void {
    const { settings, order, reading } = this
    const { readAhead } = settings
    // Before the join is seen, nothing that could be done brings the feed back.
    if (!reading || !order || order.expectsJoin) return
    const waiting = order.size + this.taken
    if (waiting < readAhead) return
    if (settings.resumes || settings.backfill) {
      this.reading = undefined
      reading.unsubscribe()
    } else if (waiting > readAhead) this.fail(new FeedOverflow({ waiting }))
  }

  private fail(error: unknown): void {
    if (this.stopped) return
    // An error of the last save would hide this one.
    const saved$ = this.stop().pipe(catchError(() => EMPTY))
    concat(
      saved$,
      throwError(() => error),
    ).subscribe(this.subscriber)
  }
}

const SAME_JOIN: Resumption = { resumed: true, denied: false, start: undefined }
