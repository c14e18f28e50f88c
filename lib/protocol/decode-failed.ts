import { DEV } from './dev.ts'
import { TaggedError } from './tagged-error.ts'
import { describeIssues, hideIssues, issuesOf, type PayloadIssue } from './payload-issues.ts'
import { redact } from './redact.ts'
import { type DecodeError } from './serializer.ts'

const SHOWN_CHARACTERS = 200

/** A frame that is not a valid message, or a payload that a decoder rejected. It is skipped; the connection stays open. */
export class DecodeFailed extends TaggedError<'DecodeFailed'> {
  /** The first 200 characters of the frame, or of the payload as JSON, without secrets. Bytes are shown in hexadecimal. */
  declare readonly frame: string
  /** The event whose payload was rejected; undefined if the frame itself is not a valid message. */
  declare readonly event: string | undefined
  /**
   * What its decoder found, and where in the payload, at most five issues; empty if the decoder's error has another form than these
   * (a text, an Error, issues of a Standard Schema, `ValidationError`s of io-ts), and for a frame that is not a valid message.
   */
  declare readonly issues: readonly PayloadIssue[]
  /**
   * What the serializer or the decoder found: a `DecodeError`, the `Left` of a user's decoder, the issues of a schema, or
   * what either threw, unchanged: some libraries keep the whole value in it, secrets and all, so log `message` or `issues`.
   */
  declare readonly error: unknown

  constructor(facts: {
    frame: string
    event?: string
    error: unknown
    /** Default: as in `error`, without secrets. */
    issues?: readonly PayloadIssue[]
  }) {
    const { event, error } = facts
    // Cut before, so that a long frame costs nothing, and after, since what replaces a secret may be longer.
    const frame = redact(facts.frame.slice(0, SHOWN_CHARACTERS)).slice(0, SHOWN_CHARACTERS)
    const issues = facts.issues ?? (event === undefined ? [] : hideIssues(issuesOf(error), redact))
    super(
      'DecodeFailed',
      DEV &&
        (event === undefined
          ? `A frame could not be decoded and was skipped (${describe(error as DecodeError)}): ${frame}`
          : `A payload of "${event}" was rejected by its decoder (${describeIssues(issues) || 'no reason given'}): ${frame}`),
      { frame, event, issues, error, cause: error },
    )
  }
}

/** A payload as the text that an error shows; a server may nest one too deep for that. */
export const shownPayload = (payload: unknown): string => {
  try {
    return payload instanceof ArrayBuffer ? `<${payload.byteLength} bytes>` : JSON.stringify(payload)
  } catch {
    return '…'
  }
}

const describe = (error: DecodeError): string => {
  switch (error._tag) {
    case 'NotJson':
      return 'not JSON'
    case 'NotAMessage':
      return error.reason
    case 'UnknownKind':
      return `unknown binary kind ${error.kind}`
    case 'Truncated':
      return `cut short at ${error.byteLength} bytes`
  }
}
