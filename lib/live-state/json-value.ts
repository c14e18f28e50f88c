/** An object or a list of a JSON document, as something to look up in. */
export type Container = Readonly<Record<string, unknown>> | readonly unknown[]

export const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

export const isList: (value: unknown) => value is readonly unknown[] = Array.isArray

/** A shallow copy with the same own keys. */
export const copyOf = (container: Container): Container =>
  isList(container) ? [...container] : { ...container }

/** An index as JSON Patch allows it: digits without a leading zero. */
const INDEX = /^(0|[1-9]\d*)$/

/** The index of a list that a part of a path names; undefined unless it is below `end`. */
export const indexOf = (part: string, end: number): number | undefined => {
  const index = INDEX.test(part) ? Number(part) : end
  return index < end ? index : undefined
}

/** Looks up one part of a path: own properties and items only. */
export const lookUp = (container: unknown, part: string): { readonly value: unknown } | undefined => {
  if (!isContainer(container)) return undefined
  if (Array.isArray(container)) {
    const index = indexOf(part, container.length)
    return index === undefined ? undefined : { value: (container as readonly unknown[])[index] }
  }
  return Object.hasOwn(container, part)
    ? { value: (container as Readonly<Record<string, unknown>>)[part] }
    : undefined
}

/**
 * Sets an own property, whatever its name. An assignment to `__proto__` would change the prototype instead, and one to
 * an inherited name such as `constructor` throws where `Object.prototype` is frozen.
 */
export const setOwn = (container: object, key: string, value: unknown): void => {
  if (key in container && !Object.hasOwn(container, key))
    Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true })
  else (container as Record<string, unknown>)[key] = value
}

/** Whether two JSON values are equal: objects whatever the order of their keys, numbers by value. */
export const equalJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => {
      const other = Object.hasOwn(b, key)
      return other && equalJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])
    })
  )
}
