import { isLeft } from 'fp-ts/Either'
import {
  catchError,
  concat,
  defer,
  EMPTY,
  type Observable,
  type Subscriber,
  Subscription,
  throwError,
  timeout,
} from 'rxjs'
import { Queue } from '../awaiting/queue.ts'
import { type Channel, type ChannelState } from '../index.ts'
import { DecodeFailed, shownPayload } from '../protocol/decode-failed.ts'
import { type Checkpoint } from './checkpoint.ts'
import { eventually } from './checkpoint-of.ts'
import { CursorBackwards, CursorInvalid, FeedOverflow } from './durable-error.ts'
import { type FeedEvent, FeedDelivery, type Flow, type Gap } from './feed-event.ts'
import { type FeedSettings, type Missing } from './feed-options.ts'
import { Keeper } from './keeper.ts'
import { Placing } from './placing.ts'
import { type Cursor, isCursor, type Position } from './position.ts'

/** What a run shows to those who look on. */
export interface Onlookers {
  state(state: ChannelState): void
  committed(position: Position): void
  gap(gap: Gap): void
}

interface Placeable {
  readonly event: string
  readonly value: unknown
  readonly position: Position
}

/** What waits for its turn. `joined`: messages from here on are of another join, which did or did not resume. */
type Waiting = Placeable | { readonly joined: true; readonly resumed: boolean }

/**
 * A feed from its first subscriber to its last: loads the position, joins behind it, puts each message in its place, and
 * saves what is committed.
 *
 * An object and no pipeline, since a message that comes when nothing is amiss takes two calls and no wait.
 */
export class FeedRun implements Flow {
  private readonly channel: Channel
  private readonly settings: FeedSettings
  private readonly subscriber: Subscriber<FeedEvent<unknown>>
  private readonly onlookers: Onlookers
  private readonly keeper: Keeper
  private readonly subscription: Subscription = new Subscription()
  private placing: Placing
  private source: Subscription | undefined
  private readonly waiting: Queue<Waiting> = new Queue()
  /** The last message that waits, for a join that asks for what comes after it. */
  private heard: Cursor | undefined
  /** Before the first join, and during a backfill. */
  private busy = true
  private backfilling = false
  private draining = false
  private committed: Position | undefined
  private committedOrdinal = 0
  private delivered = 0
  private redelivering = 0
  private taken = 0
  private over = false
  /** The channel has ended; what is in hand ends first. */
  private ending: { readonly error?: unknown } | undefined

  constructor(
    channel: Channel,
    settings: FeedSettings,
    checkpoint: Checkpoint,
    subscriber: Subscriber<FeedEvent<unknown>>,
    onlookers: Onlookers,
  ) {
    this.channel = channel
    this.settings = settings
    this.subscriber = subscriber
    this.onlookers = onlookers
    this.placing = new Placing(settings.window, settings.compare, undefined)
    this.keeper = new Keeper(
      checkpoint,
      settings,
      () => this.committed && { ...this.committed, ahead: this.delivered - this.committedOrdinal },
      (error) => {
        this.fail(error)
      },
    )
  }

  /** The position from which the server is to go on. */
  get cursor(): Cursor | undefined {
    return this.heard ?? this.placing.last?.cursor
  }

  begin(loaded$: Observable<Position | undefined>): void {
    this.subscription.add(
      loaded$.subscribe({
        next: (position) => {
          const { window, compare } = this.settings
          this.placing = new Placing(window, compare, position)
          this.committed = position
          this.redelivering = position?.ahead ?? 0
          if (position) this.onlookers.committed(position)
          this.listen()
        },
        error: (error: unknown) => {
          this.over = true
          this.subscriber.error(error)
        },
      }),
    )
  }

  /** The last subscriber has gone. What is left to do: completes when the position is saved. */
  stop(): Observable<never> {
    if (this.over) return EMPTY
    this.over = true
    this.close()
    return this.keeper.end()
  }

  commit(ordinal: number, position: Position): void {
    if (this.over || ordinal <= this.committedOrdinal) return
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
    if (this.ending) this.finish()
    else this.goOn()
  }

  private listen(): void {
    const source = new Subscription()
    this.source = source
    this.busy = true
    const alreadyJoined = this.channel.state.status === 'joined'
    let joins = 0
    // The events first, since a server in memory speaks while the states are being subscribed.
    for (const event of this.settings.events)
      source.add(
        this.channel.on(event).subscribe({
          next: (payload) => {
            this.receive(event, payload)
          },
          error: () => undefined, // the states tell
        }),
      )
    source.add(
      this.channel.subscribe({
        next: (state) => {
          this.onlookers.state(state)
          if (state.status !== 'joined') return
          joins += 1
          this.joined(this.settings.resumes && !(alreadyJoined && joins === 1), joins === 1)
        },
        error: (error: unknown) => {
          this.ending = { error }
          this.finish()
        },
        complete: () => {
          this.ending = {}
          this.finish()
        },
      }),
    )
    // A server that was paused in the middle of all this.
    if (this.source !== source) source.unsubscribe()
  }

  private joined(resumed: boolean, first: boolean): void {
    // What came before the first join of this subscription was seen is of that join.
    if (first && !this.backfilling) {
      this.busy = false
      this.startOver(resumed)
      this.drain()
    } else if (this.blocked) this.waiting.add({ joined: true, resumed })
    else this.startOver(resumed)
  }

  private get blocked(): boolean {
    return this.busy || this.draining || this.waiting.size > 0
  }

  private receive(event: string, payload: unknown): void {
    const placeable = this.read(event, payload)
    if (!placeable) return
    if (this.blocked) {
      this.waiting.add(placeable)
      this.heard = placeable.position.cursor
      this.limit()
    } else this.put(placeable)
  }

  private read(event: string, payload: unknown): Placeable | undefined {
    const { decode, cursor, sequence } = this.settings
    let value = payload
    if (decode) {
      const decoded = decode(payload)
      if (isLeft(decoded)) {
        const error = new DecodeFailed({ event, frame: shownPayload(payload), error: decoded.left })
        this.emit({ type: 'invalid', event, payload, error })
        return undefined
      }
      value = decoded.right
    }
    let name: 'cursor' | 'sequence' = 'cursor'
    let found: unknown
    try {
      const at = (found = cursor(value))
      if (isCursor(at)) {
        if (!sequence) return { event, value, position: { cursor: at } }
        name = 'sequence'
        found = undefined
        const number = (found = sequence(value))
        if (Number.isSafeInteger(number)) return { event, value, position: { cursor: at, sequence: number } }
      }
      this.emit({ type: 'invalid', event, payload, error: new CursorInvalid({ name, cursor: found }) })
    } catch (cause) {
      this.emit({ type: 'invalid', event, payload, error: new CursorInvalid({ name, cursor: found, cause }) })
    }
    return undefined
  }

  private put(placeable: Placeable): void {
    const { placing } = this
    switch (placing.place(placeable.position)) {
      case 'next':
        this.deliver(placeable)
        return
      case 'duplicate':
        return
      case 'backwards': {
        const { event, value: payload, position } = placeable
        const after = placing.last?.cursor ?? position.cursor
        this.emit({
          type: 'invalid',
          event,
          payload,
          error: new CursorBackwards({ cursor: position.cursor, after }),
        })
        return
      }
      case 'gap':
        if (this.settings.backfill) this.fill(placeable)
        else {
          this.missing(placeable.position, undefined)
          this.deliver(placeable)
        }
    }
  }

  private deliver({ event, value, position }: Placeable): void {
    this.placing.accept(position)
    this.delivered += 1
    const redelivered = this.redelivering > 0
    if (redelivered) this.redelivering -= 1
    this.subscriber.next(new FeedDelivery(value, event, position, this.delivered, redelivered, this))
  }

  /** A join that follows a known position. What the server does not bring by itself is fetched, or may be missing. */
  private startOver(resumed: boolean): void {
    const { placing, settings } = this
    placing.replaying = true
    if (resumed || !placing.last) return
    if (settings.backfill) this.fill(undefined)
    else if (!settings.sequence) this.gap(placing.last.cursor, undefined, undefined, undefined)
  }

  /** Fetches what is missing before a message, or up to now; everything else waits meanwhile. */
  private fill(next: Placeable | undefined): void {
    const { backfill, backfillTimeoutMs: each, scheduler, events } = this.settings
    const [event = ''] = events
    const after = this.placing.last?.cursor
    if (!backfill || after === undefined) return
    const missing: Missing = { after, before: next?.position.cursor }
    this.busy = this.backfilling = true
    let cause: unknown
    const filling = defer(() => backfill(missing))
      .pipe(timeout({ each, scheduler }))
      .subscribe({
        next: (payload) => {
          const found = this.read(event, payload)
          if (!found) return
          const place = this.placing.place(found.position)
          if (place === 'gap') this.missing(found.position, undefined)
          if (place === 'gap' || place === 'next') this.deliver(found)
        },
        error: (error: unknown) => {
          cause = error
          this.filled(next, cause)
        },
        complete: () => {
          this.filled(next, cause)
        },
      })
    this.subscription.add(filling)
  }

  private filled(next: Placeable | undefined, cause: unknown): void {
    this.busy = this.backfilling = false
    const after = this.placing.last?.cursor
    if (next) {
      const place = this.placing.place(next.position)
      if (place === 'gap') this.missing(next.position, cause)
      if (place === 'gap' || place === 'next') this.deliver(next)
    } else if (cause !== undefined && after !== undefined) this.gap(after, undefined, undefined, cause)
    this.drain()
  }

  /** Reports what is missing before a position. */
  private missing(before: Position, cause: unknown): void {
    const { last } = this.placing
    if (last?.sequence === undefined || before.sequence === undefined) return
    this.gap(last.cursor, before.cursor, before.sequence - last.sequence - 1, cause)
  }

  private gap(after: Cursor, before: Cursor | undefined, missing: number | undefined, cause: unknown): void {
    const gap: Gap = { type: 'gap', after, before, missing, cause }
    this.onlookers.gap(gap)
    this.emit(gap)
  }

  private emit(event: FeedEvent<unknown>): void {
    this.subscriber.next(event)
  }

  private drain(): void {
    if (this.draining) return
    this.draining = true
    while (!this.busy && !this.over && this.waiting.size > 0) {
      const next = this.waiting.take()
      if ('joined' in next) this.startOver(next.resumed)
      else this.put(next)
    }
    this.draining = false
    if (this.waiting.size === 0) this.heard = undefined
    if (this.ending) this.finish()
    else this.goOn()
  }

  /** More would wait than may: no more is heard until half of it is done. */
  private limit(): void {
    const { readAhead, resumes, backfill } = this.settings
    const waiting = this.waiting.size + this.taken
    if (waiting < readAhead || !this.source || this.over) return
    if (!resumes && !backfill) {
      if (waiting > readAhead) this.fail(new FeedOverflow({ waiting }))
      return
    }
    this.source.unsubscribe()
    this.source = undefined
  }

  private goOn(): void {
    const { readAhead } = this.settings
    if (this.source || this.over || this.busy || this.draining) return
    if (this.waiting.size + this.taken <= readAhead / 2) this.listen()
  }

  /** The channel has ended: what waits is delivered, what handlers have in hand ends, the position is saved. */
  private finish(): void {
    const { ending } = this
    if (!ending || this.over) return
    const failed = 'error' in ending
    if (!failed && (this.backfilling || this.draining || this.waiting.size > 0 || this.taken > 0)) return
    if (failed) this.fail(ending.error)
    else this.end(EMPTY)
  }

  private fail(error: unknown): void {
    this.end(throwError(() => error))
  }

  private end(outcome$: Observable<never>): void {
    if (this.over) return
    this.over = true
    this.close()
    // An error of the feed itself is the one to tell; that of the save would hide it.
    concat(
      this.keeper.end().pipe(outcome$ === EMPTY ? (saved$) => saved$ : catchError(() => EMPTY)),
      outcome$,
    ).subscribe(this.subscriber)
  }

  private close(): void {
    this.source?.unsubscribe()
    this.source = undefined
    this.subscription.unsubscribe()
  }
}

/** Loads the position as a stream: one value, then complete. */
export const loadFrom = (checkpoint: Checkpoint): Observable<Position | undefined> =>
  eventually(() => checkpoint.load())
