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

/** A message whose payload has been read, for users: they may copy or print it. */
export const plainMessage = ({ joinRef, ref, topic, event, payload }: Message): Message => ({
  joinRef,
  ref,
  topic,
  event,
  payload,
})

/** Gives a new ref at each call: "1", "2", …, unique for the life of the counter. */
export type NextRef = () => string

/** A counter of refs. The client chooses refs freely; strings of whole numbers are what Phoenix's own client sends. */
export const refCounter = (): NextRef => {
  let last = 0
  return () => String(++last)
}
