import { isPlainObject, typeName } from './bytes.ts'

/** A value that JSON cannot carry, and where it is. */
export interface LostInJson {
  /** Such as `.user.photo` or `.files[0]`; empty if it is the payload itself. */
  readonly path: string
  /** Such as `Map`, `File` or the name of a class. */
  readonly type: string
}

/**
 * The first value of which `JSON.stringify` would make `{}` or numbered keys: bytes, a Map, a Set, a File, an Error or
 * another object of a class, unless it has own fields. Objects with a `toJSON` (dates, decimals) carry themselves. Values
 * with cycles must have been rejected before.
 */
export const lostInJson = (value: unknown): LostInJson | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const lost = lostInJson(value[i])
      if (lost) return { ...lost, path: `[${i}]${lost.path}` }
    }
    return undefined
  }
  if (typeof (value as { readonly toJSON?: unknown }).toJSON === 'function') return undefined
  if (!isPlainObject(value) && isLost(value)) return { path: '', type: nameOf(value) }
  for (const key of Object.keys(value)) {
    const lost = lostInJson((value as Readonly<Record<string, unknown>>)[key])
    // The path is made on the way back, so that a payload that is fine costs no text.
    if (lost) return { ...lost, path: `.${key}${lost.path}` }
  }
  return undefined
}

const isLost = (value: object): boolean => {
  if (ArrayBuffer.isView(value)) return true
  const prototype = Object.getPrototypeOf(value) as object | null
  // Objects without a prototype, and those of another realm (an iframe, jsdom), are plain data.
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
  return !isPlain && Object.keys(value).length === 0 && !BOXED.test(typeName(value))
}

/** Primitives in an object, which JSON prints as what they hold. */
const BOXED = /^(Number|String|Boolean)$/

const nameOf = (value: object): string => {
  const name = typeName(value)
  return name === 'Object' ? (value.constructor as { readonly name: string }).name || 'class' : name
}
