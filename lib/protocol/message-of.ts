import { DEV } from './dev.ts'
import { type Either, right } from 'fp-ts/Either'
import { type Message } from './message.ts'
import { notAMessage } from './parse-json.ts'
import { type DecodeError } from './serializer.ts'

/** A message of these parts, or what is wrong with them. A ref that is missing is null. */
export const messageOf = (
  joinRef: unknown = null,
  ref: unknown = null,
  topic: unknown,
  event: unknown,
  payload: unknown,
): Either<DecodeError, Message> => {
  if (!isRef(joinRef)) return notAMessage(DEV && 'join_ref is neither a string nor null')
  if (!isRef(ref)) return notAMessage(DEV && 'ref is neither a string nor null')
  if (typeof topic !== 'string') return notAMessage(DEV && 'topic is not a string')
  if (typeof event !== 'string') return notAMessage(DEV && 'event is not a string')
  if (payload === undefined) return notAMessage(DEV && 'payload is missing')
  return right({ joinRef, ref, topic, event, payload })
}

const isRef = (value: unknown): value is string | null => value === null || typeof value === 'string'
