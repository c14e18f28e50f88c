/** The payload as a map of unknown values; what is no map is an empty one. */
export const asMap = (payload: unknown): Readonly<Record<string, unknown>> =>
  typeof payload === 'object' &&
  payload !== null &&
  !Array.isArray(payload) &&
  !(payload instanceof ArrayBuffer)
    ? (payload as Readonly<Record<string, unknown>>)
    : {}

/** A number that a client gave, or a default. */
export const asNumber = (value: unknown, otherwise: number): number => {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : otherwise
}
