import { type Cursor, type Position } from './position.ts'

/** Compares cursors: below 0 if `a` comes before `b`, 0 if they are one. */
export type CompareCursors = (a: Cursor, b: Cursor) => number

/** `gap`: something is missing before it. `backwards`: it is older than the last one, and was not seen before. */
export type Place = 'next' | 'duplicate' | 'gap' | 'backwards'

/**
 * Where messages stand in a feed, after what was accepted so far. Remembers the cursors of the last `size` to 2 × `size`
 * messages: two generations of a set, the older of which is dropped whole, as that costs nothing per message.
 */
export class Placing {
  /** The last that was accepted. */
  last: Position | undefined
  /** From a join until something new comes: what is older than everything remembered then was delivered long ago. */
  replaying = true
  private readonly size: number
  private readonly compare: CompareCursors | undefined
  private recent: Set<Cursor> = new Set()
  private older: Set<Cursor> = new Set()
  private oldest: Position | undefined
  private oldestRecent: Position | undefined
  private renewed = false

  constructor(size: number, compare: CompareCursors | undefined, start: Position | undefined) {
    this.size = size
    this.compare = compare
    if (start) this.accept(start)
    this.replaying = true
  }

  place(position: Position): Place {
    const { last } = this
    if (!last || this.renewed) return 'next'
    const order = this.orderOf(position, last)
    if (order === undefined) return this.seen(position.cursor) ? 'duplicate' : 'next'
    if (order > 0) return order > 1 && position.sequence !== undefined ? 'gap' : 'next'
    if (this.seen(position.cursor)) return 'duplicate'
    const { oldest } = this
    const before = this.replaying && oldest && (this.orderOf(position, oldest) ?? 0) < 0
    return before ? 'duplicate' : 'backwards'
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

  /** What comes next has nothing to do with what came before, such as the first entry of a log that was emptied. */
  renew(): void {
    this.renewed = true
    this.recent = new Set()
    this.older = new Set()
    this.oldest = this.oldestRecent = undefined
  }

  private seen(cursor: Cursor): boolean {
    return this.recent.has(cursor) || this.older.has(cursor)
  }

  /** Above 0 if `a` comes after `b`, by sequence by how much. Undefined if they have no order. */
  private orderOf(a: Position, b: Position): number | undefined {
    if (a.sequence !== undefined && b.sequence !== undefined) return a.sequence - b.sequence
    if (this.compare) return Math.sign(this.compare(a.cursor, b.cursor))
    if (typeof a.cursor === 'number' && typeof b.cursor === 'number') return Math.sign(a.cursor - b.cursor)
    return undefined
  }
}
