import { DEV } from '../protocol/dev.ts'
import { DecodeFailed } from '../protocol/decode-failed.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { hideIssues } from '../protocol/payload-issues.ts'
import { redactor } from '../protocol/redact.ts'
import { type TraceEvent } from '../socket/trace-event.ts'

/**
 * Hides more than credentials from a trace function: in the frames that it is told, the values of all keys that hold one of
 * these words, whatever their case, are `[redacted]` too. `hideKeys(['iban', 'birth'], consoleTrace())` hides
 * `IBAN` and `dateOfBirth`. Throws `InvalidArgument` for a word that is empty.
 */
export const hideKeys = (
  words: readonly string[],
  trace: (event: TraceEvent) => void,
): ((event: TraceEvent) => void) => {
  if (words.length === 0 || words.some((word) => typeof word !== 'string' || word === ''))
    throw new InvalidArgument('words', words, DEV && 'pass at least one word, and none that is empty.')
  const hide = redactor(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('|'))
  return (event) => {
    if ('frame' in event) trace({ ...event, frame: hide(event.frame) })
    else if (event.type === 'decode-failed') {
      const { frame, event: name, issues, error } = event.error
      const shown = { frame: hide(frame), issues: hideIssues(issues, hide) }
      const facts = { ...shown, error, ...(name !== undefined && { event: name }) }
      trace({ ...event, error: new DecodeFailed(facts) })
    } else trace(event)
  }
}
