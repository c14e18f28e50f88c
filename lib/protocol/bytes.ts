/** The bytes of a binary payload, without a copy; undefined if the value is none. */
export const bytesOf = (value: unknown): Uint8Array | undefined => {
  if (value instanceof Uint8Array) return value
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  // By its name and not by instanceof alone: an ArrayBuffer of another realm (jsdom, an iframe) is one as well.
  if (value instanceof ArrayBuffer || Object.prototype.toString.call(value) === '[object ArrayBuffer]')
    return new Uint8Array(value as ArrayBuffer)
  return undefined
}
