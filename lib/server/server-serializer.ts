import { type Either, left, map } from 'fp-ts/Either'
import { decodeClientPush, encodeBroadcast, encodeReply, encodeServerPush } from '../protocol/binary-v2.ts'
import { bytesOf } from '../protocol/bytes.ts'
import { PHX_REPLY } from '../protocol/event.ts'
import { guardedSerializer } from '../protocol/guarded-serializer.ts'
import { decodeObject } from '../protocol/json-v1.ts'
import { decodeText } from '../protocol/json-v2.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { notAMessage, printJson } from '../protocol/parse-json.ts'
import { type DecodeError, type EncodeError, type Serializer } from '../protocol/serializer.ts'

/** A frame on its way to a client. Text is kept as its bytes, so that a broadcast is turned into bytes once. */
export interface OutFrame {
  readonly binary: boolean
  readonly bytes: Uint8Array
}

type Encoded = Either<EncodeError, OutFrame>
type ReplyHeader = Pick<Message, 'joinRef' | 'ref' | 'topic'>

/** The server's side of a version of the protocol. Pure; what fails is a `Left`. */
export interface ServerSerializer {
  readonly vsn: string
  decode(frame: Frame): Either<DecodeError, Message>
  /** A push of a channel, `phx_close`, `phx_error`. */
  message(message: Message): Encoded
  reply(header: ReplyHeader, status: string, response: unknown): Encoded
  broadcast(topic: string, event: string, payload: unknown): Encoded
}

const textFrame = map((text: string): OutFrame => ({ binary: false, bytes: Buffer.from(text) }))
const binaryFrame = map((bytes: Uint8Array): OutFrame => ({ binary: true, bytes }))

/** Version 2.0.0: arrays as text, and binary frames for payloads that are bytes. */
export const serverSerializerV2: ServerSerializer = {
  vsn: '2.0.0',
  decode: (frame) => (typeof frame === 'string' ? decodeText(frame) : decodeClientPush(frame)),
  message: (message) => {
    const data = bytesOf(message.payload)
    return data ? binaryFrame(encodeServerPush(message, data)) : arrayFrame(message, message.payload)
  },
  reply: (header, status, response) => {
    const data = bytesOf(response)
    return data
      ? binaryFrame(encodeReply(header, status, data))
      : arrayFrame({ ...header, event: PHX_REPLY, payload: { status, response } }, response)
  },
  broadcast: (topic, event, payload) => {
    const data = bytesOf(payload)
    return data
      ? binaryFrame(encodeBroadcast(topic, event, data))
      : arrayFrame({ joinRef: null, ref: null, topic, event, payload }, payload)
  },
}

const arrayFrame = ({ joinRef, ref, topic, event, payload }: Message, checked: unknown): Encoded =>
  textFrame(printJson([joinRef, ref, topic, event, payload], checked))

/** Version 1.0.0: objects. The server sends no `join_ref` and has no form for bytes. */
export const serverSerializerV1: ServerSerializer = {
  vsn: '1.0.0',
  decode: (frame) =>
    typeof frame === 'string' ? decodeObject(frame) : notAMessage('a binary frame, in version 1.0.0'),
  message: (message) => objectFrame(message, message.payload),
  reply: (header, status, response) =>
    objectFrame({ ...header, event: PHX_REPLY, payload: { status, response } }, response),
  broadcast: (topic, event, payload) =>
    objectFrame({ joinRef: null, ref: null, topic, event, payload }, payload),
}

const objectFrame = ({ topic, event, payload, ref }: Message, checked: unknown): Encoded =>
  bytesOf(checked) === undefined
    ? textFrame(printJson({ topic, event, payload, ref }, checked))
    : left({ _tag: 'BinaryUnsupported', vsn: '1.0.0' })

/**
 * The server's side of a serializer of one's own. It writes the messages of the server as it writes those of the client; a
 * reply is a `phx_reply` with `{ status, response }`. One that fails costs a message, not the connection.
 */
export const serverSerializer = (serializer: Serializer): ServerSerializer => {
  const guarded = guardedSerializer(serializer)
  const message = (given: Message): Encoded => map(outFrame)(guarded.encode(given))
  return {
    vsn: guarded.vsn,
    decode: (frame) => guarded.decode(frame),
    message,
    reply: (header, status, response) =>
      message({ ...header, event: PHX_REPLY, payload: { status, response } }),
    broadcast: (topic, event, payload) => message({ joinRef: null, ref: null, topic, event, payload }),
  }
}

const outFrame = (frame: Frame): OutFrame =>
  typeof frame === 'string' ? { binary: false, bytes: Buffer.from(frame) } : { binary: true, bytes: frame }

/**
 * The serializer for the `vsn` parameter: 1.0.0 if there is none; undefined unless it is a full semantic version that
 * matches `~> 1.0.0` or `~> 2.0.0` (recordings `connect_no_vsn`, `connect_refused`).
 */
export const serializerFor = (vsn: unknown): ServerSerializer | undefined => {
  if (vsn === undefined) return serverSerializerV1
  if (typeof vsn !== 'string') return undefined
  if (/^1\.0\.\d+$/.test(vsn)) return serverSerializerV1
  return /^2\.0\.\d+$/.test(vsn) ? serverSerializerV2 : undefined
}
