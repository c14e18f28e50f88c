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

/** A client's push: join_ref, ref, topic, event. A null ref is written as the empty string. */
export const encodeClientPush = (message: Message, data: Uint8Array): Either<EncodeError, Uint8Array> =>
  encodeFrame(PUSH, data, [
    ['join_ref', message.joinRef ?? ''],
    ['ref', message.ref ?? ''],
    ['topic', message.topic],
    ['event', message.event],
  ])

/** How many parts the header of each kind has: a push of a server has no ref. */
const SERVER_PARTS = [3, 4, 2]

/** Reads a frame that a server sends: a push (without ref), a reply or a broadcast. */
export const decodeServerFrame = (frame: Uint8Array): Either<DecodeError, Message> => {
  const [kind] = frame
  if (kind === undefined) return left({ _tag: 'Truncated', byteLength: 0 })
  const count = SERVER_PARTS[kind]
  if (count === undefined) return left({ _tag: 'UnknownKind', kind })
  return decodeFrame(frame, count, (parts, data) => {
    const [topic = '', name = ''] = parts.slice(-2)
    const isReply = kind === REPLY
    return {
      joinRef: kind === BROADCAST ? null : orNull(parts[0]),
      ref: isReply ? orNull(parts[1]) : null,
      topic,
      event: isReply ? PHX_REPLY : name,
      payload: isReply ? { status: name, response: data } : data,
    }
  })
}

/** An empty ref stands for none. */
const orNull = (ref: string | undefined): string | null => (ref === undefined || ref === '' ? null : ref)

type Part = readonly [name: string, text: string]

/** Puts a frame together, in one buffer of the exact size. */
const encodeFrame = (
  kind: number,
  data: Uint8Array,
  parts: readonly Part[],
): Either<EncodeError, Uint8Array> => {
  const encoded: Uint8Array[] = []
  let headerLength = 1 + parts.length
  for (const [part, text] of parts) {
    const bytes = toUtf8(text)
    if (bytes.byteLength > MAX_PART_BYTES)
      return left({ _tag: 'PartTooLong', part, byteLength: bytes.byteLength })
    encoded.push(bytes)
    headerLength += bytes.byteLength
  }
  const frame = new Uint8Array(headerLength + data.byteLength)
  frame[0] = kind
  let offset = 1 + encoded.length
  encoded.forEach((bytes, i) => {
    frame[1 + i] = bytes.byteLength
    frame.set(bytes, offset)
    offset += bytes.byteLength
  })
  frame.set(data, offset)
  return right(frame)
}

/** Takes a frame apart; the data is copied out, since a transport may reuse the memory of its frame. */
const decodeFrame = (
  frame: Uint8Array,
  count: number,
  build: (parts: readonly string[], data: ArrayBuffer) => Message,
): Either<DecodeError, Message> => {
  let offset = 1 + count
  const parts: string[] = []
  for (let i = 1; i <= count; i++) {
    const end = offset + (frame[i] ?? Infinity)
    if (end > frame.byteLength) return left({ _tag: 'Truncated', byteLength: frame.byteLength })
    parts.push(textOf(frame, offset, end))
    offset = end
  }
  const data = new ArrayBuffer(frame.byteLength - offset)
  new Uint8Array(data).set(frame.subarray(offset))
  return right(build(parts, data))
}

/** Names are short and nearly always ASCII, of which a decoder makes a text in three times the time. */
const textOf = (frame: Uint8Array, from: number, end: number): string => {
  let text = ''
  for (let i = from; i < end; i++) {
    const code = frame[i] ?? 0
    if (code > 127) return fromUtf8(frame.subarray(from, end))
    text += String.fromCharCode(code)
  }
  return text
}

/* The server's side: what a client sent is read, and what a server sends is written. */

/** Reads a client's push. An empty join_ref is the empty string and matches no join. */
export const decodeClientPush = (frame: Uint8Array): Either<DecodeError, Message> => {
  const kind = frame[0]
  if (kind === undefined) return left({ _tag: 'Truncated', byteLength: 0 })
  if (kind !== PUSH) return left({ _tag: 'UnknownKind', kind })
  return decodeFrame(frame, 4, ([joinRef = '', ref = '', topic = '', event = ''], payload) => ({
    joinRef,
    ref,
    topic,
    event,
    payload,
  }))
}

/** A push from a channel: join_ref, topic, event and no ref. */
export const encodeServerPush = (message: Message, data: Uint8Array): Either<EncodeError, Uint8Array> =>
  encodeFrame(PUSH, data, [
    ['join_ref', message.joinRef ?? ''],
    ['topic', message.topic],
    ['event', message.event],
  ])

/** A reply: join_ref, ref, topic, status. */
export const encodeReply = (
  message: Pick<Message, 'joinRef' | 'ref' | 'topic'>,
  status: string,
  data: Uint8Array,
): Either<EncodeError, Uint8Array> =>
  encodeFrame(REPLY, data, [
    ['join_ref', message.joinRef ?? ''],
    ['ref', message.ref ?? ''],
    ['topic', message.topic],
    ['status', status],
  ])

/** A broadcast: topic, event. */
export const encodeBroadcast = (
  topic: string,
  event: string,
  data: Uint8Array,
): Either<EncodeError, Uint8Array> =>
  encodeFrame(BROADCAST, data, [
    ['topic', topic],
    ['event', event],
  ])
