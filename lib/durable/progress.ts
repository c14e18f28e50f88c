import { type Position } from './position.ts'

/** How far a run of a feed has got: how many messages it has delivered, and up to which one all are committed. */
export class Progress {
  /** The last position up to which all is committed. */
  committed: Position | undefined
  private committedOrdinal = 0
  private delivered = 0
  /** How many of the next messages an earlier run has delivered. */
  private redelivering: number

  constructor(start: Position | undefined) {
    this.committed = start
    this.redelivering = start?.ahead ?? 0
  }

  /** What a checkpoint keeps. */
  get position(): Position | undefined {
    return this.committed && { ...this.committed, ahead: this.delivered - this.committedOrdinal }
  }

  /** Counts a delivery. */
  next(): { readonly ordinal: number; readonly redelivered: boolean } {
    this.delivered += 1
    const redelivered = this.redelivering > 0
    if (redelivered) this.redelivering -= 1
    return { ordinal: this.delivered, redelivered }
  }

  /** Returns false if a later delivery is committed already. */
  commit(ordinal: number, position: Position): boolean {
    if (ordinal <= this.committedOrdinal) return false
    this.committedOrdinal = ordinal
    this.committed = position
    return true
  }
}
