/** What a transport carries: text, or bytes. A frame holds one message. */
export type Frame = string | Uint8Array

/**
 * One message of the Phoenix protocol, decoded.
 *
 * `ref` is null for pushes and broadcasts of a server. `joinRef` is null for broadcasts, for the "unmatched
 * topic" reply and, with version 1.0.0, always; it then does not show which join the message belongs to.
 */
export interface Message {
  readonly topic: string
  readonly event: string
  /** A JSON value, or an `ArrayBuffer` if it came in a binary frame. A reply has `{ status, response }`. */
  readonly payload: unknown
  readonly ref: string | null
  readonly joinRef: string | null
}
