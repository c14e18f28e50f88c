/** Reads the value at a place of a payload: a key, or a JSON Pointer such as `/meta/seq`. Undefined if it is missing. */
export const valueAt = (place: string): ((payload: unknown) => unknown) => {
  const path = place.startsWith('/') ? place.slice(1).split('/').map(unescaped) : [place]
  return (payload) =>
    path.reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Readonly<Record<string, unknown>>)[key]
          : undefined,
      payload,
    )
}

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')
