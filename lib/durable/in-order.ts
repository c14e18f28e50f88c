import { Subscription } from 'rxjs'
import { Queue } from '../awaiting/queue.ts'
import { CursorTracker } from './cursor-tracker.ts'
import { type Gap, type Invalid } from './feed-event.ts'
import { type FeedSettings } from './feed-options.ts'
import { fetchMissing } from './fetch-missing.ts'
import { type Cursor, type Position } from './position.ts'
import { type PositionedMessage, readMessage } from './read-message.ts'
import { type Resumption } from './resumption-of.ts'

/** Where messages go when it is their turn. */
export interface OrderedOutput {
  deliver(message: PositionedMessage): void
  emit(event: Gap | Invalid): void
  /** The server has named the position at which this feed begins. */
  begin(position: Position): void
  /** Nothing waits any more. */
  idle(): void
}

/** What waits for its turn: a message, or the point from which messages belong to another join. */
type Waiting = PositionedMessage | ({ readonly type: 'joined' } & Resumption)

/**
 * Puts the messages of a feed in order: passes on what is next, leaves out what came before, fetches what is missing or
 * reports it. Until a join has been seen and while something is fetched, all messages wait.
 *
 * An object and no pipeline, since a message that is simply the next one takes two calls and no wait.
 */
export class InOrder {
  private readonly tracker: CursorTracker
  private readonly waiting: Queue<Waiting> = new Queue()
  /** The cursor of the last message that waits. */
  private heard: Cursor | undefined
  private phase: 'joining' | 'filling' | 'flowing' = 'joining'
  private draining = false
  private stopped = false
  private filling: Subscription = Subscription.EMPTY

  constructor(
    private readonly settings: FeedSettings,
    start: Position | undefined,
    private readonly output: OrderedOutput,
  ) {
    this.tracker = new CursorTracker(settings.window, settings.compare, start)
  }

  /** The position after which the server is to continue. */
  get cursor(): Cursor | undefined {
    return this.heard ?? this.tracker.last?.cursor
  }

  /** How many messages wait. */
  get size(): number {
    return this.waiting.size
  }

  /** Nothing waits, and nothing is being fetched. */
  get isIdle(): boolean {
    return this.phase !== 'filling' && !this.draining && this.waiting.size === 0
  }

  /** Messages that come before a join is seen are of that join. */
  expectJoin(): void {
    this.phase = 'joining'
  }

  get expectsJoin(): boolean {
    return this.phase === 'joining'
  }

  joined(resumption: Resumption): void {
    if (this.phase === 'joining') {
      this.phase = 'flowing'
      this.startOver(resumption)
      this.drain()
    } else if (this.blocked) this.waiting.add({ type: 'joined', ...resumption })
    else this.startOver(resumption)
  }

  receive(event: string, payload: unknown): void {
    const message = readMessage(this.settings, event, payload)
    if (message.type === 'invalid') this.output.emit(message)
    else if (this.blocked) {
      this.waiting.add(message)
      this.heard = message.position.cursor
    } else this.put(message)
  }

  stop(): void {
    this.stopped = true
    this.filling.unsubscribe()
  }

  private get blocked(): boolean {
    return this.phase !== 'flowing' || this.draining || this.waiting.size > 0
  }

  private put(message: PositionedMessage): void {
    const { backfill } = this.settings
    if (backfill && this.tracker.standingOf(message.position) === 'gap') this.fill(message)
    else this.settle(message, undefined)
  }

  /** Decides about a message before which nothing more can be fetched. */
  private settle(message: PositionedMessage, cause: unknown): void {
    const { position, event, value } = message
    const standing = this.tracker.standingOf(position)
    if (standing === 'duplicate') return
    if (typeof standing === 'object') {
      this.output.emit({ type: 'invalid', event, payload: value, error: standing })
      return
    }
    if (standing === 'gap') this.missing(position, cause)
    this.tracker.accept(position)
    this.output.deliver(message)
  }

  /** A join. What the server does not bring by itself is fetched, or may be missing. */
  private startOver({ resumed, denied, start }: Resumption): void {
    const { tracker, settings } = this
    tracker.replaying = !denied
    const { last } = tracker
    if (!last) {
      if (start !== undefined) {
        tracker.accept({ cursor: start })
        this.output.begin({ cursor: start })
      }
      return
    }
    if (resumed) return
    if (settings.backfill) this.fill(undefined)
    else if (denied || !settings.sequence) {
      this.gap(last.cursor, undefined, undefined, undefined)
      if (denied) tracker.renew()
    }
  }

  /** Fetches what is missing before a message, or up to now; everything else waits meanwhile. */
  private fill(next: PositionedMessage | undefined): void {
    const { backfill } = this.settings
    const after = this.tracker.last?.cursor
    if (!backfill || after === undefined) return
    this.phase = 'filling'
    // Made before it is used, since the feed may be stopped by the first message that is fetched.
    const filling = new Subscription()
    this.filling = filling
    filling.add(
      fetchMissing(this.settings, backfill, { after, before: next?.position.cursor }).subscribe({
        next: (found) => {
          if (found.type === 'invalid') this.output.emit(found)
          else this.settle(found, undefined)
        },
        error: (cause: unknown) => {
          this.filled(next, cause)
        },
        complete: () => {
          this.filled(next, undefined)
        },
      }),
    )
  }

  private filled(next: PositionedMessage | undefined, cause: unknown): void {
    if (this.stopped) return
    this.phase = 'flowing'
    const { last } = this.tracker
    if (next) this.settle(next, cause)
    else if (cause !== undefined && last) this.gap(last.cursor, undefined, undefined, cause)
    this.drain()
  }

  /** Reports what is missing before a position. */
  private missing(before: Position, cause: unknown): void {
    const { last } = this.tracker
    if (last?.sequence === undefined || before.sequence === undefined) return
    this.gap(last.cursor, before.cursor, before.sequence - last.sequence - 1, cause)
  }

  private gap(after: Cursor, before: Cursor | undefined, missing: number | undefined, cause: unknown): void {
    this.output.emit({ type: 'gap', after, before, missing, cause })
  }

  private drain(): void {
    if (this.draining) return
    this.draining = true
    while (this.phase === 'flowing' && !this.stopped && this.waiting.size > 0) {
      const next = this.waiting.take()
      if (next.type === 'joined') this.startOver(next)
      else this.put(next)
    }
    this.draining = false
    if (this.waiting.size === 0) this.heard = undefined
    this.output.idle()
  }
}
