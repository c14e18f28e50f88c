import { CursorBackwards, CursorInvalid } from './durable-error.ts'
import { type Cursor, type Position } from './position.ts'

/** Compares cursors: below 0 if `a` comes before `b`, 0 if they are the same position, above 0 if `a` comes after `b`. */
export type CompareCursors = (a: Cursor, b: Cursor) => number

/** `gap`: messages before it are missing. An error: it has no place in the order. */
export type Standing = 'next' | 'duplicate' | 'gap' | CursorBackwards | CursorInvalid

/**
 * Distinguishes new messages from repeated and misplaced ones, by their positions. Remembers the cursors of the last `size` to
 * 2 × `size` messages: two generations of a set, the older of which is dropped whole, as that costs nothing per message.
 */
export class CursorTracker {
  /** The last position that was accepted. */
  last: Position | undefined
  /** From a join until something new comes: a message older than everything remembered was delivered long ago. */
  replaying = true
  private recent: Set<Cursor> = new Set()
  private older: Set<Cursor> = new Set()
  private oldest: Position | undefined
  private oldestRecent: Position | undefined
  private renewed = false

  constructor(
    private readonly size: number,
    private readonly compare: CompareCursors | undefined,
    start: Position | undefined,
  ) {
    if (start) this.accept(start)
    this.replaying = true
  }

  standingOf(position: Position): Standing {
    const { cursor } = position
    try {
      return this.standing(position)
    } catch (cause) {
      return new CursorInvalid({ name: 'compare', cursor, cause })
    }
  }

  accept(position: Position): void {
    this.last = position
    this.replaying = false
    this.renewed = false
    this.oldest ??= position
    this.oldestRecent ??= position
    this.recent.add(position.cursor)
    if (this.recent.size < this.size) return
    this.older = this.recent
    this.oldest = this.oldestRecent
    this.recent = new Set()
    this.oldestRecent = undefined
  }

  /** The next message has no relation to those before it, such as the first entry of a log that was emptied. */
  renew(): void {
    this.renewed = true
    this.recent = new Set()
    this.older = new Set()
    this.oldest = this.oldestRecent = undefined
  }

  private standing(position: Position): Standing {
    const { last, oldest } = this
    if (!last || this.renewed) return 'next'
    const order = this.orderOf(position, last)
    if (order === undefined) return this.seen(position.cursor) ? 'duplicate' : 'next'
    if (order > 0) return order > 1 && position.sequence !== undefined ? 'gap' : 'next'
    if (this.seen(position.cursor)) return 'duplicate'
    if (this.replaying && oldest && (this.orderOf(position, oldest) ?? 0) < 0) return 'duplicate'
    return new CursorBackwards({ cursor: position.cursor, after: last.cursor })
  }

  private seen(cursor: Cursor): boolean {
    return this.recent.has(cursor) || this.older.has(cursor)
  }

  /** Above 0 if `a` comes after `b`, by sequence by how much. Undefined if they have no order. */
  private orderOf(a: Position, b: Position): number | undefined {
    if (a.sequence !== undefined && b.sequence !== undefined) return a.sequence - b.sequence
    if (this.compare) {
      const order = Math.sign(this.compare(a.cursor, b.cursor))
      if (Number.isNaN(order)) throw new TypeError('compare did not return a number.')
      return order
    }
    if (typeof a.cursor === 'number' && typeof b.cursor === 'number') return Math.sign(a.cursor - b.cursor)
    return undefined
  }
}
