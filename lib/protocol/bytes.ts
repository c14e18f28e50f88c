/** True for what literals make, objects and null: seen at a glance, since nearly every payload is one. */
export const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && (value === null || Object.getPrototypeOf(value) === Object.prototype)

/** The bytes of a binary payload, without a copy; undefined for other values, or if its buffer is detached. */
export const bytesOf = (value: unknown): Uint8Array | undefined => {
  try {
    if (isPlainObject(value)) return undefined
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    // By its name and not by instanceof: an ArrayBuffer of another realm (jsdom, an iframe) is one as well.
    if (typeName(value) === 'ArrayBuffer') return new Uint8Array(value as ArrayBuffer)
  } catch {
    // A detached buffer, or a proxy that throws: printJson reports it.
  }
  return undefined
}

/** What a value calls itself: `Object`, `Array`, `Map`, `ArrayBuffer`, … */
export const typeName = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)
