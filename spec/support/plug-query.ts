/** What Plug makes of a query. */
export type Plugged = string | readonly Plugged[] | ReadonlyMap<string, Plugged>

type Building = string | Building[] | Map<string, Building>

/**
 * A small reference decoder of Plug.Conn.Query, to compare with. The pairs are taken from the last to the first: a
 * value is set only where none is yet, items go to the front of their list, and what does not fit is dropped.
 * Each item of a list is a text or a map of its own, so that a list cannot hold a list or a map of two keys.
 */
export const plugQuery = (query: string): ReadonlyMap<string, Plugged> => {
  const root = new Map<string, Building>()
  const pairs = [...new URLSearchParams(query)].reverse()
  for (const [key, value] of pairs) assign(root, partsOf(key), value)
  return root
}

/** `a[b][]` has the parts a, b and the empty string. A key that does not end in `]` is one part. */
const partsOf = (key: string): readonly string[] => {
  if (!key.endsWith(']')) return [key]
  const inner = key.slice(0, -1)
  const open = inner.indexOf('[')
  return open < 0 ? [inner] : [inner.slice(0, open), ...inner.slice(open + 1).split('][')]
}

const assign = (
  target: Map<string, Building>,
  [key = '', ...rest]: readonly string[],
  value: string,
): void => {
  const found = target.get(key)
  if (rest.length === 0) {
    if (found === undefined) target.set(key, value)
  } else if (rest[0] === '') {
    const list = found ?? []
    if (Array.isArray(list)) target.set(key, [itemOf(rest.slice(1), value), ...list])
  } else {
    const inner = found ?? new Map<string, Building>()
    if (!(inner instanceof Map)) return
    target.set(key, inner)
    assign(inner, rest, value)
  }
}

const itemOf = (parts: readonly string[], value: string): Building => {
  if (parts.length === 0) return value
  const item = new Map<string, Building>()
  assign(item, parts, value)
  return item
}
