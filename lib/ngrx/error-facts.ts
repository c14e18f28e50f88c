import { type SocketError } from '../protocol/socket-error.ts'

/** What `errorFacts` makes of an error: its tag, its message and its fields as plain data. */
export type ErrorFacts<E = SocketError> = E extends { readonly _tag: string }
  ? { readonly _tag: E['_tag']; readonly message: string; readonly cause?: ErrorFacts<unknown> } & {
      readonly [K in keyof E as K extends keyof Error | '_tag' ? never : K]: E[K]
    }
  : { readonly _tag: string; readonly message: string; readonly cause?: ErrorFacts<unknown> }

/** Where a chain of causes, or data within data, is cut off. */
const DEEPEST = 8

/**
 * An error as plain data for actions and stores, whose runtime checks reject an `Error` and freeze what they are given: `_tag`,
 * `message` and the fields of an error of this library, such as `status` and `response` of `PushRefused`, and its `cause`
 * likewise. For any other error `_tag` is its name. It is a copy, so freezing it affects nothing else. It contains what JSON can
 * represent: bytes, functions and instances of classes are left out.
 */
export const errorFacts = <E>(error: E): ErrorFacts<E> => factsOf(error, DEEPEST) as ErrorFacts<E>

const factsOf = (error: unknown, depth: number): object => {
  if (!(error instanceof Error)) return { _tag: typeof error, message: String(error) }
  const {
    name,
    message,
    cause,
    stack: _stack,
    _tag,
    ...fields
  } = error as Error & { readonly _tag?: unknown }
  return {
    // Only of errors with a tag, since those of others may hold anything.
    ...(typeof _tag === 'string' && (plain(fields, depth) as object)),
    _tag: typeof _tag === 'string' ? _tag : name,
    message,
    ...(cause !== undefined && depth > 0 && { cause: factsOf(cause, depth - 1) }),
  }
}

/** A copy of what is plain data; undefined for what is not. */
const plain = (value: unknown, depth: number): unknown => {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value
  if (typeof value !== 'object' || depth === 0) return undefined
  if (value instanceof Error) return factsOf(value, depth - 1)
  if (Array.isArray(value)) return value.map((item) => plain(item, depth - 1) ?? null)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const copy = plain(item, depth - 1)
      return copy === undefined ? [] : [[key, copy]]
    }),
  )
}
