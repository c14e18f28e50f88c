import { DEV } from '../protocol/dev.ts'
import { TaggedError } from '../protocol/tagged-error.ts'

/** What was awaited did not happen in time. */
export class AwaitTimeout extends TaggedError<'AwaitTimeout'> {
  /** Such as `room:lobby to be joined`. */
  declare readonly awaited: string
  declare readonly timeoutMs: number

  /** Its `cause` is why the last attempt failed, if one has. */
  constructor(facts: { awaited: string; timeoutMs: number; cause?: Error | undefined }) {
    const { awaited, timeoutMs, cause } = facts
    super(
      'AwaitTimeout',
      DEV &&
        `Waited ${timeoutMs} ms for ${awaited}${cause ? `; the last attempt failed: ${cause.message}` : '; raise timeoutMs if it may take longer.'}`,
      { awaited, timeoutMs, cause },
    )
  }
}
