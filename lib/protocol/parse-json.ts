import { type Either, left, right } from 'fp-ts/Either'
import { isPlainObject, typeName } from './bytes.ts'
import { DEV } from './dev.ts'
import { lostInJson } from './lost-in-json.ts'
import { type Message } from './message.ts'
import { type DecodeError, type EncodeError, notAMessage, notSerializable } from './serializer.ts'

/** `JSON.parse` as a value. The cause does not quote the text, as engines do, since a secret may stand in it. */
export const parseJson = (text: string): Either<DecodeError, unknown> => {
  try {
    return right(JSON.parse(text) as unknown)
  } catch (cause) {
    return left({ _tag: 'NotJson', cause: new SyntaxError(reasonFrom(cause).replace(/"[^]*"/, '"…"')) })
  }
}

/**
 * `JSON.stringify` as a value. It is not enough that it does not throw: it makes `undefined` of a function or a symbol,
 * and `{}` of a Map, a Set, a Blob or an Error, which would lose data silently. The payload itself is checked always,
 * what is inside it in development builds.
 */
export const printJson = (value: unknown, payload: unknown): Either<EncodeError, string> => {
  try {
    const text = JSON.stringify(value)
    if (DEV) {
      const lost = lostInJson(payload)
      if (lost?.path)
        return notSerializable(
          `payload${lost.path} is of type ${lost.type}, which JSON cannot carry; pass plain data, such as [...set] or base64, or bytes as the whole payload`,
        )
      if (lost) return notSerializable(noForm(lost.type))
    }
    if (isPlainObject(payload) || hasForm(payload)) return right(text)
    return notSerializable(
      DEV && (typeof payload === 'number' ? `${payload} has no JSON form` : noForm(typeName(payload))),
    )
  } catch (cause) {
    return notSerializable(reasonFrom(cause), cause)
  }
}

/** Of plain data, which may be long, only the whole is printed; any other type must give something by itself. */
const hasForm = (payload: unknown): boolean =>
  typeof payload === 'number'
    ? Number.isFinite(payload)
    : PLAIN.test(typeName(payload)) || !EMPTY.includes(JSON.stringify(payload))

const PLAIN = /^(Object|Array|String)$/
const EMPTY: readonly unknown[] = [undefined, '{}']

const noForm = (type: string): string =>
  `a payload of type ${type} has no JSON form; pass plain data, such as Object.fromEntries(map) or [...set]`

/** The message of a thrown value, whatever was thrown. */
const reasonFrom = (cause: unknown): string => (cause instanceof Error ? cause.message : 'see cause')

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
