import { DEV } from './dev.ts'
import { type Either, isLeft, left } from 'fp-ts/Either'
import { type Message } from './message.ts'
import { bytesOf, typeName } from './bytes.ts'
import { messageOf, parseJson, printJson } from './parse-json.ts'
import { type DecodeError, type EncodeError, notAMessage, type Serializer } from './serializer.ts'

/**
 * Writes one text frame of a client: an object, with `join_ref` as a fifth key if there is one, so that `phx_close`
 * and `phx_error` come back with that ref and can be told from those of an older join.
 */
export const encodeObject = (message: Message): Either<EncodeError, string> => {
  const { topic, event, payload, ref, joinRef } = message
  if (bytesOf(payload)) return left({ _tag: 'BinaryUnsupported', vsn: '1.0.0' })
  return printJson({ topic, event, payload, ref, join_ref: joinRef ?? undefined }, payload)
}

/** Reads one text frame. A server of version 1.0.0 sends no `join_ref`; then `joinRef` is null. */
export const decodeObject = (frame: string): Either<DecodeError, Message> => {
  const parsed = parseJson(frame)
  return isLeft(parsed) ? parsed : toMessage(parsed.right)
}

const toMessage = (found: unknown): Either<DecodeError, Message> => {
  if (typeName(found) !== 'Object') return notAMessage(DEV && 'expected an object')
  const { join_ref, ref, topic, event, payload } = found as Readonly<Record<string, unknown>>
  return messageOf(join_ref, ref, topic, event, payload)
}

/** Version 1.0.0: JSON objects; payloads of bytes have no form in it. */
export const serializerV1: Serializer = {
  vsn: '1.0.0',
  encode: encodeObject,
  decode: (frame) =>
    typeof frame === 'string' ? decodeObject(frame) : notAMessage(DEV && 'a binary frame, in version 1.0.0'),
}
