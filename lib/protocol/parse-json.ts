import { type Either, left, right } from 'fp-ts/Either'
import { type DecodeError, type EncodeError } from './serializer.ts'

/** `JSON.parse` as a value. */
export const parseJson = (text: string): Either<DecodeError, unknown> => {
  try {
    return right(JSON.parse(text) as unknown)
  } catch (cause) {
    return left({ _tag: 'NotJson', cause })
  }
}

/**
 * `JSON.stringify` as a value. It is not enough that it does not throw: of a function, a symbol or `undefined` it
 * makes `undefined`, and of a Map or a Set `{}`, which would lose the payload without a word.
 */
export const printJson = (value: unknown, payload: unknown): Either<EncodeError, string> => {
  if (payload === undefined || typeof payload === 'function' || typeof payload === 'symbol')
    return notSerializable(`a payload of type ${typeof payload} has no JSON form`)
  if (payload instanceof Map || payload instanceof Set)
    return notSerializable('a Map or Set has no JSON form; pass Object.fromEntries(map) or [...set]')
  if (typeof payload === 'number' && !Number.isFinite(payload))
    return notSerializable(`${String(payload)} has no JSON form`)
  try {
    return right(JSON.stringify(value))
  } catch (cause) {
    return notSerializable(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

const notSerializable = (reason: string, cause?: unknown): Either<EncodeError, never> =>
  left({ _tag: 'NotSerializable', reason, ...(cause === undefined ? {} : { cause }) })

/** JSON, but not a message. */
export const notAMessage = (reason: string): Either<DecodeError, never> =>
  left({ _tag: 'NotAMessage', reason })
