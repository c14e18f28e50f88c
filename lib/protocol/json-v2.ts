import { DEV } from './dev.ts'
import { type Either, isLeft, right } from 'fp-ts/Either'
import { type Frame, type Message } from './message.ts'
import { bytesOf } from './bytes.ts'
import { decodeServerFrame, encodeClientPush } from './binary-v2.ts'
import { messageOf, parseJson, printJson } from './parse-json.ts'
import { scanText } from './scan-text.ts'
import { type DecodeError, type EncodeError, notAMessage, type Serializer } from './serializer.ts'

/** Writes one text frame: `[join_ref, ref, topic, event, payload]` (Phoenix.Socket.V2.JSONSerializer). */
export const encodeText = (message: Message): Either<EncodeError, string> =>
  printJson([message.joinRef, message.ref, message.topic, message.event, message.payload], message.payload)

/** Reads one text frame. Both directions have the same form. */
export const decodeText = (frame: string): Either<DecodeError, Message> => {
  const parsed = parseJson(frame)
  return isLeft(parsed) ? parsed : toMessage(parsed.right)
}

const toMessage = (found: unknown): Either<DecodeError, Message> => {
  if (!Array.isArray(found) || found.length !== 5) return notAMessage(DEV && 'expected an array of five')
  const [joinRef, ref, topic, event, payload] = found as unknown[]
  return messageOf(joinRef, ref, topic, event, payload)
}

const decode = (frame: Frame): Either<DecodeError, Message> =>
  typeof frame === 'string' ? decodeText(frame) : decodeServerFrame(frame)

const encode = (message: Message): Either<EncodeError, Frame> => {
  const bytes = bytesOf(message.payload)
  return bytes ? encodeClientPush(message, bytes) : encodeText(message)
}

/** Version 2.0.0, the client's side: JSON arrays, and binary frames for payloads that are bytes. */
export const serializerV2: Serializer = { vsn: '2.0.0', encode, decode }

/**
 * The same, where a payload can be left alone until somebody reads it: what nobody listens to then costs its header only.
 * Reading `payload` may throw `DecodeFailed`.
 */
export const lazySerializerV2: Serializer = {
  vsn: '2.0.0',
  encode,
  decode: (frame) => {
    const message = typeof frame === 'string' && scanText(frame)
    return message ? right(message) : decode(frame)
  },
}
