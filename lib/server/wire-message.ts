/**
 * A message on the wire, whatever a client made of it. Phoenix checks neither names nor refs: it gives refs back as they
 * came, and answers a topic that is not a string with "unmatched topic" (recording `malformed_text`). So all of them are
 * unknown here, and narrowed where they are used.
 */
export interface WireMessage {
  readonly joinRef: unknown
  readonly ref: unknown
  readonly topic: unknown
  /** Undefined if it came as bytes that are not UTF-8, for which JavaScript has no text. */
  readonly event: unknown
  readonly payload: unknown
}
