import { isObservable } from 'rxjs'
import { bytesOf } from '../protocol/bytes.ts'

/**
 * Compares options. Values are compared deeply, streams by identity, functions by their source text, so that a function
 * that is written in place is the same each time. Functions that this library made are compared by what they were made
 * from; bound and native functions, which have no text of their own, by identity.
 */
export const sameValue = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a === 'function' && typeof b === 'function') return sameFunction(a, b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isObservable(a) || isObservable(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const entries = entriesOf(a)
  const other = new Map(entriesOf(b))
  return (
    entries.length === other.size &&
    entries.every(([key, value]) => other.has(key) && sameValue(value, other.get(key)))
  )
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- any function
const sameFunction = (a: Function, b: Function): boolean => {
  const [from, other] = [partsOf(a), partsOf(b)]
  if (from || other) return sameValue(from, other)
  const text = textOf(a)
  return !NATIVE.test(text) && text === textOf(b)
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- any function
const textOf = (f: Function): string => Function.prototype.toString.call(f)

const NATIVE = /\{\s*\[native code\]\s*\}$/

/** Without entries that are undefined: they do not travel. */
const entriesOf = (value: object): [string, unknown][] =>
  Object.entries(parts(value)).filter(([, entry]) => entry !== undefined)

/** Bytes, and objects with a `toJSON` (dates, URLs), have no own entries to compare. */
const parts = (value: object): object => {
  const { toJSON } = value as { readonly toJSON?: unknown }
  return typeof toJSON === 'function' ? [toJSON.call(value)] : (bytesOf(value) ?? value)
}

const origins: WeakMap<object, readonly unknown[]> = new WeakMap()

/**
 * Notes what a function was made from: the name of its maker, then the arguments. Two functions of one maker have the same
 * source text, so this is how they are compared (`sameFunction`).
 */
export const madeFrom = <F extends object>(made: F, ...from: readonly unknown[]): F => {
  origins.set(made, from)
  return made
}

/** What a function of this library was made from; undefined for other functions. */
export const partsOf = (made: object): readonly unknown[] | undefined => origins.get(made)
