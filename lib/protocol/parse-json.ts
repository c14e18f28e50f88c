import { type Either, left, right } from 'fp-ts/Either'
import { isPlainObject, typeName } from './bytes.ts'
import { type DecodeError, type EncodeError } from './serializer.ts'

/** `JSON.parse` as a value. The cause does not quote the text, as engines do, since a secret may stand in it. */
export const parseJson = (text: string): Either<DecodeError, unknown> => {
  try {
    return right(JSON.parse(text) as unknown)
  } catch (cause) {
    return left({ _tag: 'NotJson', cause: new SyntaxError(reasonFrom(cause).replace(/"[^]*"/, '"…"')) })
  }
}

/**
 * `JSON.stringify` as a value. It is not enough that it does not throw: of a function, a symbol or `undefined` it
 * makes `undefined`, and of a Map, a Set, a Blob or an Error `{}`, which would lose the payload without a word.
 */
export const printJson = (value: unknown, payload: unknown): Either<EncodeError, string> => {
  try {
    if (isPlainObject(payload)) return right(JSON.stringify(value))
    if (typeof payload === 'number' && !Number.isFinite(payload))
      return notSerializable(`${payload} has no JSON form`)
    const name = typeName(payload)
    // Of plain data only the whole is printed; what calls itself otherwise must give something by itself.
    if (!PLAIN.test(name) && EMPTY.includes(JSON.stringify(payload)))
      return notSerializable(
        `a payload of type ${name} has no JSON form; pass plain data, such as Object.fromEntries(map) or [...set]`,
      )
    return right(JSON.stringify(value))
  } catch (cause) {
    return notSerializable(reasonFrom(cause), cause)
  }
}

const PLAIN = /^(Object|Array|String|Number|Boolean|Null)$/
const EMPTY: readonly unknown[] = [undefined, '{}']

/** What a thrown value says, whatever was thrown. */
const reasonFrom = (cause: unknown): string => (cause instanceof Error ? cause.message : 'see cause')

const notSerializable = (reason: string, cause?: unknown): Either<EncodeError, never> =>
  left({ _tag: 'NotSerializable', reason, ...(cause === undefined ? {} : { cause }) })

/** JSON, but not a message. */
export const notAMessage = (reason: string): Either<DecodeError, never> =>
  left({ _tag: 'NotAMessage', reason })
