import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { encodeBroadcast, encodeReply, encodeServerPush } from '../protocol/binary-v2.ts'
import { bytesOf } from '../protocol/bytes.ts'
import { PHX_REPLY } from '../protocol/event.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { printJson } from '../protocol/parse-json.ts'
import {
  type DecodeError,
  type EncodeError,
  guardedSerializer,
  type Serializer,
} from '../protocol/serializer.ts'
import { readV1, readV2 } from './read-frame.ts'
import { type WireMessage } from './wire-message.ts'

/** A frame on its way to a client. Text is kept as its bytes, so that a broadcast is turned into bytes once. */
export interface OutFrame {
  readonly binary: boolean
  readonly bytes: Uint8Array
}

type Encoded = E.Either<EncodeError, OutFrame>
type ReplyHeader = Pick<WireMessage, 'joinRef' | 'ref' | 'topic'>

/** The server's side of a version of the protocol. Pure; what fails is a `Left`. */
export interface ServerSerializer {
  readonly vsn: string
  decode(frame: Frame): E.Either<DecodeError, WireMessage>
  /** A push of a channel, `phx_close`, `phx_error`. */
  message(message: WireMessage): Encoded
  reply(header: ReplyHeader, status: string, response: unknown): Encoded
  broadcast(topic: string, event: string, payload: unknown): Encoded
}

const textFrame = E.map((text: string): OutFrame => ({ binary: false, bytes: Buffer.from(text) }))
const binaryFrame = E.map((bytes: Uint8Array): OutFrame => ({ binary: true, bytes }))

/**
 * Version 2.0.0: arrays as text, and binary frames for payloads that are bytes. Payloads of pushes and broadcasts must be
 * maps or bytes, those of replies may be anything, as in Phoenix.
 */
export const serverSerializerV2: ServerSerializer = {
  vsn: '2.0.0',
  decode: readV2,
  message: (message) => {
    const { payload } = message
    const data = bytesOf(payload)
    if (data)
      return pipe(
        named(message),
        E.chain((names) => encodeServerPush(names, data)),
        binaryFrame,
      )
    return isMap(payload) ? arrayFrame(message, payload) : notAMap
  },
  reply: (header, status, response) => {
    const message = { ...header, event: PHX_REPLY, payload: { status, response } }
    const data = bytesOf(response)
    return data
      ? pipe(
          named(message),
          E.chain((names) => encodeReply(names, status, data)),
          binaryFrame,
        )
      : arrayFrame(message, response)
  },
  broadcast: (topic, event, payload) => {
    const data = bytesOf(payload)
    if (data) return pipe(encodeBroadcast(topic, event, data), binaryFrame)
    return isMap(payload) ? arrayFrame({ joinRef: null, ref: null, topic, event, payload }, payload) : notAMap
  },
}

const isMap = (payload: unknown): boolean =>
  typeof payload === 'object' && payload !== null && !Array.isArray(payload)

const notAMap: Encoded = E.left({
  _tag: 'NotSerializable',
  reason: 'a push or broadcast carries a map or bytes, as in Phoenix; put other values into a map',
})

const arrayFrame = ({ joinRef, ref, topic, event, payload }: WireMessage, checked: unknown): Encoded =>
  pipe(printJson([joinRef, ref, topic, event, payload], checked), textFrame)

/** The names in a binary frame are text: numbers are printed, and what else a client chose as its ref has no form there. */
const named = (message: WireMessage): E.Either<EncodeError, Message> => {
  const [joinRef, ref] = [nameOf(message.joinRef), nameOf(message.ref)]
  return joinRef !== undefined && ref !== undefined
    ? E.right({ ...(message as Message), joinRef, ref })
    : E.left({
        _tag: 'NotSerializable',
        reason: 'a ref that is a list or a map has no form in a binary frame',
      })
}
const nameOf = (ref: unknown): string | undefined => {
  if (ref === null) return ''
  return typeof ref === 'string' || typeof ref === 'number' || typeof ref === 'boolean'
    ? String(ref)
    : undefined
}

/** Version 1.0.0: objects. The server sends no `join_ref` and has no form for bytes. */
export const serverSerializerV1: ServerSerializer = {
  vsn: '1.0.0',
  decode: readV1,
  message: (message) => objectFrame(message, message.payload),
  reply: (header, status, response) =>
    objectFrame({ ...header, event: PHX_REPLY, payload: { status, response } }, response),
  broadcast: (topic, event, payload) =>
    objectFrame({ joinRef: null, ref: null, topic, event, payload }, payload),
}

const objectFrame = ({ topic, event, payload, ref }: WireMessage, checked: unknown): Encoded =>
  bytesOf(checked) === undefined
    ? pipe(printJson({ topic, event, payload, ref }, checked), textFrame)
    : E.left({ _tag: 'BinaryUnsupported', vsn: '1.0.0' })

/**
 * The server's side of a custom serializer. It writes the messages of the server as it writes those of the client; a
 * reply is a `phx_reply` with `{ status, response }`. One that fails costs a message, not the connection.
 */
export const serverSerializer = (serializer: Serializer): ServerSerializer => {
  const guarded = guardedSerializer(serializer)
  // The names and refs are those that this serializer, or the server itself, gave.
  const message = (given: WireMessage): Encoded => pipe(guarded.encode(given as Message), E.map(outFrame))
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
 * The serializer for the `vsn` parameter: 1.0.0 if it is missing; undefined unless it is a full semantic version that
 * matches `~> 1.0.0` or `~> 2.0.0` (recordings `connect_no_vsn`, `connect_refused`).
 */
export const serializerFor = (vsn: unknown): ServerSerializer | undefined => {
  if (vsn === undefined) return serverSerializerV1
  if (typeof vsn !== 'string') return undefined
  if (/^1\.0\.\d+$/.test(vsn)) return serverSerializerV1
  return /^2\.0\.\d+$/.test(vsn) ? serverSerializerV2 : undefined
}
