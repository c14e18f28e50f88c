import { type DecodeFailed } from '../protocol/decode-failed.ts'
import { type CursorBackwards, type CursorInvalid } from './durable-error.ts'
import { type Cursor, type Position } from './position.ts'

/** One message of a feed. */
export interface Delivery<A> {
  readonly type: 'delivery'
  readonly value: A
  /** Its event. For a message that `backfill` fetched: the first event of the feed. */
  readonly event: string
  readonly cursor: Cursor
  /**
   * True if the checkpoint shows that an earlier run delivered this message without committing it. After a crash, deliveries
   * since the last save are missing there, so false does not mean that the message is new: a handler that must not act twice
   * needs an idempotency key.
   */
  readonly redelivered: boolean
  /**
   * Marks everything up to and including this message as done. The checkpoint is saved within `saveEveryMs`. A position never
   * moves back. After the feed has ended, this does nothing.
   */
  commit(): void
}

/** Messages that are missing and could not be fetched. The messages after them are delivered as usual. */
export interface Gap {
  readonly type: 'gap'
  /** The last message before the gap. */
  readonly after: Cursor
  /** The first message after the gap; undefined if it has not arrived yet. */
  readonly before: Cursor | undefined
  /** How many messages are missing; undefined if that is not known. */
  readonly missing: number | undefined
  /** Why `backfill` failed, if it did. */
  readonly cause: unknown
}

/** A message that has no place in the feed. It cannot be committed, and the feed continues. */
export interface Invalid {
  readonly type: 'invalid'
  readonly event: string
  /** The payload; of a message whose cursor goes backwards or cannot be compared, the decoded value. */
  readonly payload: unknown
  readonly error: CursorInvalid | CursorBackwards | DecodeFailed
}

/** What a feed emits. */
export type FeedEvent<A> = Delivery<A> | Gap | Invalid

/** The run that a delivery belongs to. It stores the position, and counts the deliveries that wait for a handler. */
export interface Flow {
  commit(ordinal: number, position: Position): void
  /** A delivery waits for its handler. */
  take(): void
  /** A delivery has been handled, and all before it. */
  settle(): void
}

export class FeedDelivery<A> implements Delivery<A> {
  readonly type = 'delivery'

  constructor(
    readonly value: A,
    readonly event: string,
    private readonly position: Position,
    private readonly ordinal: number,
    readonly redelivered: boolean,
    /** For operators of this library. */
    readonly flow: Flow,
  ) {}

  get cursor(): Cursor {
    return this.position.cursor
  }

  commit(): void {
    this.flow.commit(this.ordinal, this.position)
  }
}
