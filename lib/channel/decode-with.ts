import { type Either, isLeft, isRight, left, right } from 'fp-ts/Either'
import { filter, map, noop, type OperatorFunction } from 'rxjs'
import { DecodeFailed, shownPayload } from '../protocol/decode-failed.ts'
import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'

/**
 * The part of the Standard Schema interface (version 1) that is used: zod, valibot, arktype and others have it. The rest of
 * it may be there, also in one that is written down where it is passed.
 */
export interface StandardSchema<A> {
  readonly '~standard': {
    readonly version?: number
    readonly vendor?: string
    readonly types?: unknown
    /** Gives the value as it is to be used, or its issues. Must be synchronous: a payload for which it returns a Promise is rejected. */
    readonly validate: (value: unknown) => StandardResult<A> | Promise<StandardResult<A>>
  }
}

type StandardResult<A> =
  | { readonly value: A; readonly issues?: undefined }
  | {
      readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[]
    }

/** Turns a payload into a value of a known type, or returns why it cannot: a function that gives an `Either`, or a schema. */
export type Decoder<A, E = unknown> = ((payload: unknown) => Either<E, A>) | StandardSchema<A>

/** Options of `on` with a decoder. */
export interface DecodeOptions {
  /**
   * What happens to a payload that the decoder rejects. `skip` (the default): it is left out and traced. `error`: the
   * stream errors with `DecodeFailed`.
   */
  readonly invalid?: 'skip' | 'error'
}

/** Decodes payloads of one event. If the decoder throws, the payload is rejected. */
export const decodeWith = <A, E>(
  event: string,
  decoder: Decoder<A, E>,
  { invalid = 'skip' }: DecodeOptions,
  skipped: (error: DecodeFailed) => void,
): OperatorFunction<unknown, A> => {
  const decode = toDecode(decoder)
  return (payloads$) =>
    payloads$.pipe(
      map((payload): A | typeof REJECTED => {
        const decoded = decode(payload)
        if (!isLeft(decoded)) return decoded.right
        const error = new DecodeFailed({ event, frame: shownPayload(payload), error: decoded.left })
        if (invalid === 'error') throw error
        skipped(error)
        return REJECTED
      }),
      filter((decoded): decoded is A => decoded !== REJECTED),
    )
}

const REJECTED: unique symbol = Symbol('rejected')

/** A decoder as a function that does not throw. Throws `InvalidArgument` for anything but a decoder. */
export const toDecode = <A, E>(decoder: Decoder<A, E>): ((payload: unknown) => Either<unknown, A>) => {
  const decode = toFunction(decoder)
  return (payload) => safely(decode, payload)
}

const toFunction = <A, E>(decoder: Decoder<A, E>): ((payload: unknown) => unknown) => {
  if (typeof decoder === 'function' && !('~standard' in decoder)) return decoder
  if (typeof (decoder as Partial<StandardSchema<A>> | null)?.['~standard']?.validate !== 'function')
    throw new InvalidArgument(
      'decode',
      decoder,
      DEV && 'pass a function that gives an Either, or a Standard Schema validator.',
    )
  const schema = (decoder as StandardSchema<A>)['~standard']
  return (payload) => {
    const result = schema.validate(payload)
    if ('then' in result) return result
    return result.issues ? left(result.issues) : right(result.value)
  }
}

const safely = <A>(decode: (payload: unknown) => unknown, payload: unknown): Either<unknown, A> => {
  try {
    const decoded = Object(decode(payload)) as Either<unknown, A> | PromiseLike<unknown>
    if ('then' in decoded) {
      // Nobody waits for it, and an unheard rejection would end a Node process.
      decoded.then(undefined, noop)
      return left(DEV ? 'it returned a Promise: it is asynchronous, or a transform threw' : 'Promise')
    }
    return isLeft(decoded) || isRight(decoded)
      ? decoded
      : left(DEV ? 'it did not return an Either' : 'no Either')
  } catch (error) {
    return left(error)
  }
}
