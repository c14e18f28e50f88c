import { type DecodeFailed } from '../protocol/decode-failed.ts'
import { type CursorBackwards, type CursorInvalid } from './durable-error.ts'
import { type Cursor, type Position } from './position.ts'

/** One message of a feed. */
export interface Delivery<A> {
  readonly type: 'delivery'
  readonly value: A
  /** The event that brought it. */
  readonly event: string
  readonly cursor: Cursor
  /**
   * True for a message that was delivered before without being committed, as far as the checkpoint shows: what a crash
   * kept from being saved is missing there. A handler that must not act twice needs a key, not this flag.
   */
  readonly redelivered: boolean
  /**
   * Everything up to and including this message is done. Kept in the checkpoint by and by; a position never moves back,
   * and after the feed has ended this does nothing.
   */
  commit(): void
}

/** Messages that are missing, and that nothing could bring back. Those that come after it are delivered as usual. */
export interface Gap {
  readonly type: 'gap'
  /** The last message before the gap. */
  readonly after: Cursor
  /** The first message after it; undefined if it is not known whether there is one. */
  readonly before: Cursor | undefined
  /** How many; undefined if that is not known. */
  readonly missing: number | undefined
  /** Why `backfill` failed, if it did. */
  readonly cause: unknown
}

/** A message that has no place in the feed. Nothing is committed for it, and nothing else stops. */
export interface Invalid {
  readonly type: 'invalid'
  readonly event: string
  /** What came. */
  readonly payload: unknown
  readonly error: CursorInvalid | CursorBackwards | DecodeFailed
}

/** What a feed emits. */
export type FeedEvent<A> = Delivery<A> | Gap | Invalid

/** Where a delivery came from: what it commits to, and what counts the deliveries that wait for a handler. */
export interface Flow {
  commit(ordinal: number, position: Position): void
  /** A delivery waits for its handler. */
  take(): void
  /** It has been handled. */
  settle(): void
}

export class FeedDelivery<A> implements Delivery<A> {
  readonly type = 'delivery'
  readonly value: A
  readonly event: string
  readonly redelivered: boolean
  /** For operators of this library. */
  readonly flow: Flow
  private readonly position: Position
  private readonly ordinal: number

  constructor(
    value: A,
    event: string,
    position: Position,
    ordinal: number,
    redelivered: boolean,
    flow: Flow,
  ) {
    this.value = value
    this.event = event
    this.position = position
    this.ordinal = ordinal
    this.redelivered = redelivered
    this.flow = flow
  }

  get cursor(): Cursor {
    return this.position.cursor
  }

  commit(): void {
    this.flow.commit(this.ordinal, this.position)
  }
}
