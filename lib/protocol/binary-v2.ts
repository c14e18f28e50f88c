import { type Either, left, right } from 'fp-ts/Either'
import { PHX_REPLY } from './event.ts'
import { type Message } from './message.ts'
import { type DecodeError, type EncodeError } from './serializer.ts'
import { fromUtf8, toUtf8 } from './utf8.ts'

/*
 * Binary frames of version 2.0.0: byte 0 is the kind, then one length byte for each part of the header, then the
 * parts in UTF-8, then the data (Phoenix.Socket.V2.JSONSerializer). A push has a ref only on its way to the server.
 */
const PUSH = 0
const REPLY = 1
const BROADCAST = 2
const MAX_PART_BYTES = 255

/** A client's push: join_ref, ref, topic, event. */
export const encodeClientPush = (message: Message, data: Uint8Array): Either<EncodeError, Uint8Array> =>
  encodeFrame(PUSH, data, {
    join_ref: message.joinRef,
    ref: message.ref,
    topic: message.topic,
    event: message.event,
  })

/** How many parts the header of each kind has: a push of a server has no ref. */
const SERVER_PARTS = [3, 4, 2]

/** Reads a frame that a server sends: a push (without ref), a reply or a broadcast. */
export const decodeServerFrame = (frame: Uint8Array): Either<DecodeError, Message> =>
  decodeFrame(frame, SERVER_PARTS, (parts, payload) => {
    const event = parts.pop() ?? ''
    const topic = parts.pop() ?? ''
    const [joinRef, ref] = parts
    const push = { joinRef: orNull(joinRef), ref: orNull(ref), topic, event, payload }
    return frame[0] === REPLY
      ? { ...push, event: PHX_REPLY, payload: { status: event, response: payload } }
      : push
  })

/** An empty ref stands for none. */
const orNull = (ref: string | undefined): string | null => (ref === undefined || ref === '' ? null : ref)

/** Puts a frame together, in one buffer of the exact size. The parts are in the order of the header; null is written as the empty string. */
const encodeFrame = (
  kind: number,
  data: Uint8Array,
  parts: Readonly<Record<string, string | null>>,
): Either<EncodeError, Uint8Array> => {
  let lengths = ''
  let names = ''
  for (const [part, text] of Object.entries(parts)) {
    const bytes = toUtf8(text ?? '')
    if (bytes.length > MAX_PART_BYTES) return left({ _tag: 'PartTooLong', part, byteLength: bytes.length })
    lengths += String.fromCharCode(bytes.length)
    names += bytes
  }
  const header = String.fromCharCode(kind) + lengths + names
  const frame = new Uint8Array(header.length + data.byteLength)
  for (let i = 0; i < header.length; i++) frame[i] = header.charCodeAt(i)
  frame.set(data, header.length)
  return right(frame)
}

/** Takes a frame apart. */
const decodeFrame = (
  frame: Uint8Array,
  /** How many parts a header has, by kind. */
  counts: readonly number[],
  build: (parts: string[], data: ArrayBuffer) => Message,
): Either<DecodeError, Message> => {
  const [kind] = frame
  if (kind === undefined) return truncated(frame)
  const count = counts[kind]
  if (count === undefined) return left({ _tag: 'UnknownKind', kind })
  let end = 1 + count
  const parts: string[] = []
  for (const length of frame.subarray(1, end)) parts.push(fromUtf8(frame, end, (end += length)))
  if (end > frame.byteLength) return truncated(frame)
  // Copied, since a transport may reuse the memory of its frame.
  return right(build(parts, new Uint8Array(frame.subarray(end)).buffer))
}

const truncated = ({ byteLength }: Uint8Array): Either<DecodeError, never> =>
  left({ _tag: 'Truncated', byteLength })

/* The server's side: what a client sent is read, and what a server sends is written. */

/** Reads a client's push. An empty join_ref is the empty string and matches no join. */
export const decodeClientPush = (frame: Uint8Array): Either<DecodeError, Message> =>
  decodeFrame(frame, [4], ([joinRef = '', ref = '', topic = '', event = ''], payload) => ({
    joinRef,
    ref,
    topic,
    event,
    payload,
  }))

/** A push from a channel: join_ref, topic, event and no ref. */
export const encodeServerPush = (message: Message, data: Uint8Array): Either<EncodeError, Uint8Array> =>
  encodeFrame(PUSH, data, { join_ref: message.joinRef, topic: message.topic, event: message.event })

/** A reply: join_ref, ref, topic, status. */
export const encodeReply = (
  message: Pick<Message, 'joinRef' | 'ref' | 'topic'>,
  status: string,
  data: Uint8Array,
): Either<EncodeError, Uint8Array> =>
  encodeFrame(REPLY, data, { join_ref: message.joinRef, ref: message.ref, topic: message.topic, status })

/** A broadcast: topic, event. */
export const encodeBroadcast = (
  topic: string,
  event: string,
  data: Uint8Array,
): Either<EncodeError, Uint8Array> => encodeFrame(BROADCAST, data, { topic, event })
