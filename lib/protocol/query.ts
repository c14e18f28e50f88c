import { typeName } from './bytes.ts'
import { escaped } from './utf8.ts'

/**
 * Params as the pairs of a query, as Plug decodes them: `{ a: { b: 1 }, l: [1, 2] }` gives `a[b]=1`, `l[]=1` and `l[]=2`.
 * Null and undefined are left out. Throws for what is not plain data.
 *
 * In `l[][a]=1&l[][b]=2` Plug sees two items. So a list of objects or lists travels as an object with the indices as
 * its keys, `l[0][a]=1&l[0][b]=2`, as Phoenix's forms and its own client write it.
 */
export const queryOf = (params: object): readonly string[] =>
  entriesOf(params).flatMap(([name, value]) => pairsOf(name, value))

const pairsOf = (name: string, value: unknown): readonly string[] => {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') return [pair(name, `${value as number}`)] // any scalar; a symbol throws
  const { toJSON } = value as Partial<Date>
  if (toJSON) return pairsOf(name, toJSON.call(value))
  const flat = Array.isArray(value) && !value.some((item) => typeof item === 'object' && item !== null)
  return entriesOf(value).flatMap(([key, inner]) => pairsOf(`${name}[${flat ? '' : key}]`, inner))
}

/** Throws for what has entries of another kind, or none, such as a Map or a Promise: they would vanish without a word. */
const entriesOf = (value: object): [string, unknown][] => {
  if (!/^(Object|Array)$/.test(typeName(value))) throw new TypeError()
  return Object.entries(value)
}

/**
 * The query of these pairs and one more, instead of those of its name. As text, since `URLSearchParams` of React Native
 * lacks methods.
 */
export const withParam = (pairs: readonly string[], name: string, value: string): string =>
  [...pairs.filter((other) => other !== '' && other.split('=')[0] !== name), pair(name, value)].join('&')

const pair = (name: string, value: string): string => `${inQuery(name)}=${inQuery(value)}`

/** As forms write it, with a plus for a space. */
const inQuery = (text: string): string => escaped(text).replace(/%20/g, '+')
