import { type Container, copyOf, isContainer, setOwn } from './json-value.ts'

/**
 * The new value, made of the objects and lists of the old one wherever the two are equal, so that `===` shows what
 * has changed. Pure: neither value is changed. Objects of a class are compared by identity.
 */
export const share = <A>(before: unknown, after: A): A => {
  try {
    return shared(before, after) as A
  } catch {
    // Nested deeper than calls can be nested, or a getter in an object that a decoder made throws.
    return after
  }
}

const shared = (before: unknown, after: unknown): unknown => {
  if (before === after || !isData(before) || !isData(after)) return after
  if (Array.isArray(before) !== Array.isArray(after)) return after
  const keys = Object.keys(after)
  let isEqual = keys.length === Object.keys(before).length
  let copy: Container | undefined
  for (const key of keys) {
    const value = (after as Record<string, unknown>)[key]
    const old = Object.hasOwn(before, key) ? (before as Record<string, unknown>)[key] : NONE
    const kept = shared(old, value)
    if (kept !== old) isEqual = false
    if (kept !== value) setOwn((copy ??= copyOf(after)), key, kept)
  }
  return isEqual ? before : (copy ?? after)
}

/** What no key holds. */
const NONE: unique symbol = /* @__PURE__ */ Symbol()

/** What JSON has: lists, and objects without a class. */
const isData = (value: unknown): value is Container =>
  isContainer(value) &&
  (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null))
