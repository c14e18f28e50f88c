/** Parameters of a connection as Phoenix decodes them: strings, nested to any depth, without prototypes. */
export type QueryValue = string | readonly QueryValue[] | QueryParams
/** The params of a connection by name, as Plug decodes a query. */
export interface QueryParams {
  readonly [key: string]: QueryValue
}

type Building = string | Building[] | { [key: string]: Building }

/**
 * Reads a query as Plug does: `a[b]=1` is `{ a: { b: "1" } }`, `l[]=1&l[]=2` is a list, the last of equal keys wins
 * (recording `connect_params`). The objects have no prototype and `__proto__` is left out, so that a key chosen by a
 * client can change nothing but itself.
 */
export const queryParams = (query: string | URLSearchParams): QueryParams => {
  const params = Object.create(null) as Record<string, Building>
  for (const [key, value] of new URLSearchParams(query)) {
    const path = pathOf(key)
    if (!path.includes('__proto__')) put(params, path, value)
  }
  return params
}

const SEGMENTS = /^([^[\]]+)((?:\[[^[\]]*\])*)$/

/** `a[b][]` is the path a, b and the empty string, which stands for "append"; an unbalanced key is used unchanged. */
const pathOf = (key: string): readonly string[] => {
  const match = SEGMENTS.exec(key)
  if (match === null) return [key]
  const [, head = '', rest = ''] = match
  return [head, ...Array.from(rest.matchAll(/\[([^[\]]*)\]/g), ([, segment = '']) => segment)]
}

const put = (root: Record<string, Building>, path: readonly string[], value: string): void => {
  let target: Building = root
  for (let i = 0; i < path.length; i++) {
    if (typeof target === 'string') return
    const next = i === path.length - 1 ? value : path[i + 1] === '' ? [] : emptyMap()
    target = Array.isArray(target) ? append(target, next) : set(target, path[i] ?? '', next)
  }
}

const append = (list: Building[], next: Building): Building => {
  list.push(next)
  return next
}

/** What is there already stays, if it is of the kind that the path asks for. */
const set = (map: Record<string, Building>, key: string, next: Building): Building => {
  const found = map[key]
  const fits =
    typeof next !== 'string' && typeof found === 'object' && Array.isArray(found) === Array.isArray(next)
  const child = fits ? found : next
  map[key] = child
  return child
}

const emptyMap = (): Record<string, Building> => Object.create(null) as Record<string, Building>
