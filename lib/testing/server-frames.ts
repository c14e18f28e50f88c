import { type Either, getOrElse } from 'fp-ts/Either'
import { decodeClientPush, encodeBroadcast, encodeReply, encodeServerPush } from '../protocol/binary-v2.ts'
import { bytesOf } from '../protocol/bytes.ts'
import { PHX_REPLY } from '../protocol/event.ts'
import { decodeObject, encodeObject } from '../protocol/json-v1.ts'
import { decodeText, encodeText } from '../protocol/json-v2.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { replyOf } from '../protocol/reply.ts'

/** Reads what a client sent. Throws if it is not a valid message: then the test has found a bug. */
export const readClientFrame = (vsn: string, frame: Frame): Message => {
  if (typeof frame !== 'string') return orThrow(decodeClientPush(frame))
  return orThrow(vsn.startsWith('1.') ? decodeObject(frame) : decodeText(frame))
}

/** Encodes a message of the server, as a server of that version would. */
export const writeServerFrame = (vsn: string, message: Message): Frame => {
  // A server of version 1.0.0 never sends join_ref.
  if (vsn.startsWith('1.')) return orThrow(encodeObject({ ...message, joinRef: null }))
  const { topic, event, payload } = message
  const reply = event === PHX_REPLY ? replyOf(message) : undefined
  const bytes = bytesOf(reply ? reply.response : payload)
  if (!bytes) return orThrow(encodeText(message))
  if (reply) return orThrow(encodeReply(message, reply.status, bytes))
  return orThrow(
    message.joinRef === null ? encodeBroadcast(topic, event, bytes) : encodeServerPush(message, bytes),
  )
}

const orThrow = <E extends { readonly _tag: string }, A>(either: Either<E, A>): A =>
  getOrElse<E, A>((error) => {
    throw new Error(`the fake server cannot encode this message: ${JSON.stringify(error)}`)
  })(either)
