import { defer, Subscription, timeout } from 'rxjs'
import { Queue } from '../awaiting/queue.ts'
import { CursorBackwards } from './durable-error.ts'
import { type FeedSettings } from './feed-options.ts'
import { type Placed, type Resumption } from './placed.ts'
import { Placing } from './placing.ts'
import { type Cursor, type Position } from './position.ts'
import { type Placeable, readMessage } from './read-message.ts'

/** What waits for its turn: a message, or the point from which messages are of another join. */
type Waiting = Placeable | ({ readonly type: 'joined' } & Resumption)

/**
 * Puts the messages of a feed in order: passes on what is next, leaves out what came before, fetches what is missing or
 * reports it. Until a join has been seen and while something is fetched, all messages wait.
 *
 * An object and no pipeline, since a message that is simply the next one takes two calls and no wait.
 */
export class InOrder {
  private readonly settings: FeedSettings
  private readonly placed: Placed
  private readonly placing: Placing
  private readonly waiting: Queue<Waiting> = new Queue()
  /** The last message that waits. */
  private heard: Cursor | undefined
  private phase: 'joining' | 'filling' | 'flowing' = 'joining'
  private draining = false
  private stopped = false
  private filling: Subscription = Subscription.EMPTY

  constructor(settings: FeedSettings, start: Position | undefined, placed: Placed) {
    this.settings = settings
    this.placing = new Placing(settings.window, settings.compare, start)
    this.placed = placed
  }

  /** After which the server is to go on. */
  get cursor(): Cursor | undefined {
    return this.heard ?? this.placing.last?.cursor
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
    if (message.type === 'invalid') this.placed.aside(message)
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

  private put(message: Placeable): void {
    if (this.placing.place(message.position) === 'gap' && this.settings.backfill) this.fill(message)
    else this.settle(message, undefined)
  }

  /** Decides about a message for which nothing more can be fetched. */
  private settle(message: Placeable, cause: unknown): void {
    const { placing } = this
    const { position, event, value } = message
    switch (placing.place(position)) {
      case 'gap':
        this.missing(position, cause)
        this.deliver(message)
        return
      case 'next':
        this.deliver(message)
        return
      case 'duplicate':
        return
      case 'backwards': {
        const error = new CursorBackwards({
          cursor: position.cursor,
          after: placing.last?.cursor ?? position.cursor,
        })
        this.placed.aside({ type: 'invalid', event, payload: value, error })
      }
    }
  }

  private deliver(message: Placeable): void {
    this.placing.accept(message.position)
    this.placed.deliver(message)
  }

  /** A join. What the server does not bring by itself is fetched, or may be missing. */
  private startOver({ resumed, denied, start }: Resumption): void {
    const { placing, settings } = this
    placing.replaying = !denied
    const { last } = placing
    if (!last) {
      if (start !== undefined) {
        placing.accept({ cursor: start })
        this.placed.begins({ cursor: start })
      }
      return
    }
    if (resumed) return
    if (settings.backfill) this.fill(undefined)
    else if (denied || !settings.sequence) {
      this.gap(last.cursor, undefined, undefined, undefined)
      if (denied) placing.renew()
    }
  }

  /** Fetches what is missing before a message, or up to now; everything else waits meanwhile. */
  private fill(next: Placeable | undefined): void {
    const { backfill, backfillTimeoutMs: each, scheduler, events } = this.settings
    const [event = ''] = events
    const after = this.placing.last?.cursor
    if (!backfill || after === undefined) return
    this.phase = 'filling'
    this.filling = defer(() => backfill({ after, before: next?.position.cursor }))
      .pipe(timeout({ each, scheduler }))
      .subscribe({
        next: (payload) => {
          const found = readMessage(this.settings, event, payload)
          if (found.type === 'invalid') this.placed.aside(found)
          else this.settle(found, undefined)
        },
        error: (cause: unknown) => {
          this.filled(next, cause)
        },
        complete: () => {
          this.filled(next, undefined)
        },
      })
  }

  private filled(next: Placeable | undefined, cause: unknown): void {
    if (this.stopped) return
    this.phase = 'flowing'
    const { last } = this.placing
    if (next) this.settle(next, cause)
    else if (cause !== undefined && last) this.gap(last.cursor, undefined, undefined, cause)
    this.drain()
  }

  /** Reports what is missing before a position. */
  private missing(before: Position, cause: unknown): void {
    const { last } = this.placing
    if (last?.sequence === undefined || before.sequence === undefined) return
    this.gap(last.cursor, before.cursor, before.sequence - last.sequence - 1, cause)
  }

  private gap(after: Cursor, before: Cursor | undefined, missing: number | undefined, cause: unknown): void {
    this.placed.aside({ type: 'gap', after, before, missing, cause })
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
    this.placed.idle()
  }
}
