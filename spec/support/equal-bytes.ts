import { expect } from '@jest/globals'

/** The bytes of a buffer or of a view of one, if it is either. */
const bytesOf = (value: unknown): Uint8Array | undefined => {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return value instanceof DataView
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : undefined
}

/*
 * `toEqual` takes any two ArrayBuffers for equal, since it compares fields and they have none, so that no test of bytes
 * could fail.
 */
expect.addEqualityTesters([
  (a: unknown, b: unknown): boolean | undefined => {
    const [bytes, others] = [bytesOf(a), bytesOf(b)]
    if (!bytes && !others) return undefined
    return (
      bytes !== undefined &&
      others?.length === bytes.length &&
      bytes.every((byte, i) => byte === others[i]) &&
      a instanceof ArrayBuffer === b instanceof ArrayBuffer
    )
  },
])
