import { isUtf8 } from 'node:buffer'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { decodeClientPush } from '../protocol/binary-v2.ts'
import { type Frame } from '../protocol/message.ts'
import { parseJson } from '../protocol/parse-json.ts'
import { type DecodeError, notAMessage } from '../protocol/serializer.ts'
import { isWellFormed } from './well-formed.ts'
import { type WireMessage } from './wire-message.ts'

type Read = E.Either<DecodeError, WireMessage>

/** Reads a frame of version 2.0.0. What follows the fifth item of an array is ignored (recording `malformed_text`). */
export const readV2 = (frame: Frame): Read =>
  typeof frame === 'string' ? pipe(frame, parse, E.chain(fromArray)) : readPush(frame)

/** Reads a frame of version 1.0.0: an object, as text or as bytes. Only `join_ref` may be left out. */
export const readV1 = (frame: Frame): Read => pipe(frame, textOf, E.chain(parse), E.chain(fromObject))

const textOf = (frame: Frame): E.Either<DecodeError, string> => {
  if (typeof frame === 'string') return E.right(frame)
  return isUtf8(frame)
    ? E.right(Buffer.from(frame).toString('utf8'))
    : notAMessage('bytes that are not UTF-8')
}

const parse = (text: string): E.Either<DecodeError, unknown> =>
  isWellFormed(text) ? parseJson(text) : notAMessage('a lone surrogate, which no text in UTF-8 can hold')

const fromArray = (found: unknown): Read => {
  if (!Array.isArray(found) || found.length < 5) return notAMessage('expected an array of five')
  const [joinRef, ref, topic, event, payload] = found as unknown[]
  return E.right({ joinRef, ref, topic, event, payload })
}

const fromObject = (found: unknown): Read => {
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    return notAMessage('expected an object')
  const missing = ['topic', 'event', 'payload', 'ref'].find((key) => !Object.hasOwn(found, key))
  if (missing !== undefined) return notAMessage(`${missing} is missing`)
  const { join_ref: joinRef = null, ref, topic, event, payload } = found as Partial<Record<string, unknown>>
  return E.right({ joinRef, ref, topic, event, payload })
}

/** A topic or ref that is not UTF-8 cannot even be answered; an event that is not UTF-8 costs its channel. */
const readPush = (frame: Uint8Array): Read =>
  pipe(
    decodeClientPush(frame),
    E.chain((message) => {
      const [joinRef, ref, topic, event] = partsOf(frame).map((part) => isUtf8(part))
      if (!joinRef || !ref || !topic) return notAMessage('a topic or ref that is not UTF-8')
      return E.right<DecodeError, WireMessage>(event ? message : { ...message, event: undefined })
    }),
  )

/** The four parts of the header of a client's push, which is known to be whole. */
const partsOf = (frame: Uint8Array): readonly Uint8Array[] => {
  let offset = 5
  return [...frame.subarray(1, 5)].map((byteLength) => frame.subarray(offset, (offset += byteLength)))
}
