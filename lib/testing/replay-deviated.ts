import { type Message } from '../protocol/message.ts'
import { TaggedError } from '../protocol/tagged-error.ts'
import { showValue } from './show-value.ts'

/** A client does not do in a replay what the client of the recording did. */
export class ReplayDeviated extends TaggedError<'ReplayDeviated'> {
  /** What the client sent; undefined if it sent too little, or connected too often. */
  declare readonly sent: Message | undefined
  /** What the client of the recording sent next on that topic; undefined if it sent nothing more. */
  declare readonly expected: Message | undefined

  constructor(what: string, facts: { sent?: Message | undefined; expected?: Message | undefined } = {}) {
    super('ReplayDeviated', `${what}. If the client is right, record the session again.`, {
      sent: facts.sent,
      expected: facts.expected,
    })
  }
}

/** What the client sent, or did not, beside what was recorded. */
export const deviation = (
  where: string,
  sent: Message | undefined,
  expected: Message | undefined,
): ReplayDeviated =>
  new ReplayDeviated(
    `${where}: the client sent ${sent ? showValue(sent) : 'nothing'}, and the recording has ` +
      `${expected ? showValue(expected) : 'nothing more'} there`,
    { sent, expected },
  )
