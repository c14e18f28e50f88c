/** Why a payload cannot be stored as JSON, such as `"file" is bytes`; undefined if it can. */
export const unstorable = (payload: unknown): string | undefined => {
  let found: string | undefined
  try {
    const text = JSON.stringify(payload, function (this: object, key: string, value: unknown): unknown {
      // Not `value`: a Date, a Buffer or anything else with a toJSON has been converted by then.
      const given = (this as Readonly<Record<string, unknown>>)[key]
      const reason = lost(given)
      // An undefined property is left out, as everywhere.
      if (reason && (given !== undefined || Array.isArray(this)))
        found ??= `${key === '' ? 'it' : `"${key}"`} is ${reason}`
      return value
    }) as string | undefined
    return text === undefined ? (found ?? 'it is undefined') : found
  } catch (error) {
    return (error as Error).message
  }
}

const lost = (value: unknown): string | undefined => {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return 'bytes; encode them, such as by base64.'
  if (value instanceof Map || value instanceof Set) return 'a Map or a Set; make it an object or an array.'
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}.`
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}.`
  return value === undefined ? 'undefined.' : undefined
}
