import { DEV } from '../protocol/dev.ts'
import { DecodeFailed } from '../protocol/decode-failed.ts'
import { callable } from '../connection/checks.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { hideIssues } from '../protocol/payload-issues.ts'
import { redactor } from '../protocol/redact.ts'
import { type TraceEvent } from './trace-event.ts'
import { type Tracer, traceTo } from './trace-to.ts'

/**
 * Hides more than credentials from a tracer: in the frames that it gets, the values of all keys that contain one of these
 * words, whatever their case, are `[redacted]` too. `hideKeys(['iban', 'birth'], consoleTrace())` hides `IBAN` and
 * `dateOfBirth`. A function may stand in for a tracer, as in `traceTo`. Throws `InvalidArgument` for an empty word.
 */
export const hideKeys = (words: readonly string[], tracer: (event: TraceEvent) => void): Tracer => {
  if (!isList(words) || words.length === 0 || words.some((word) => typeof word !== 'string' || word === ''))
    throw new InvalidArgument('words', words, DEV && 'pass a list of at least one word, without empty ones.')
  callable('tracer', tracer)
  const hide = redactor(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('|'))
  return traceTo((event) => {
    if ('frame' in event) tracer({ ...event, frame: hide(event.frame) })
    else if (event.type === 'decode-failed') {
      const { frame, event: name, issues, error } = event.error
      const shown = { frame: hide(frame), issues: hideIssues(issues, hide) }
      const facts = { ...shown, error, ...(name !== undefined && { event: name }) }
      tracer({ ...event, error: new DecodeFailed(facts) })
    } else tracer(event)
  })
}

const isList = (value: unknown): boolean => Array.isArray(value)
