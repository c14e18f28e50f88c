import { DEV } from '../protocol/dev.ts'
import { TaggedError } from '../protocol/tagged-error.ts'

/** Values came faster than the loop took them, and the buffer of `eachValue` was full. */
export class BufferOverflow extends TaggedError<'BufferOverflow'> {
  /** How many values were waiting, the one for which there was no room included. */
  declare readonly waiting: number

  constructor(facts: { waiting: number }) {
    super(
      'BufferOverflow',
      DEV &&
        `${facts.waiting} values were waiting, which is more than the buffer holds; take them faster, raise buffer, or pass overflow: 'drop-oldest' or 'drop-newest'.`,
      facts,
    )
  }
}
