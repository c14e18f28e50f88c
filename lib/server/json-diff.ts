/** A JSON Patch operation (RFC 6902), of the three kinds that LiveState and Seance servers send. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/**
 * The operations that lead from one JSON value to another, in the order in which the Elixir servers give them
 * (recordings `live_state_lists`, `seance_lists`): keys from z to a, with removed ones first; of a list, surplus items
 * from its end, then the items in common from last to first; new items from first to last, after the rest of the list
 * (LiveState) or before it (Seance). A list is compared item by item, so an insertion at its head touches every item
 * behind it.
 */
export const jsonDiff = (
  from: unknown,
  to: unknown,
  newItems: 'first' | 'last' = 'last',
): readonly PatchOperation[] => diff(from, to, '', newItems)

type NewItems = 'first' | 'last'

const diff = (from: unknown, to: unknown, path: string, newItems: NewItems): readonly PatchOperation[] => {
  if (isList(from) && isList(to)) return listDiff(from, to, path, newItems)
  if (isMap(from) && isMap(to)) return mapDiff(from, to, path, newItems)
  return from === to ? [] : [{ op: 'replace', path, value: to }]
}

const mapDiff = (from: JsonMap, to: JsonMap, path: string, newItems: NewItems): readonly PatchOperation[] => {
  const removed = Object.keys(from)
    .filter((key) => !Object.hasOwn(to, key))
    .sort(descending)
    .map((key): PatchOperation => ({ op: 'remove', path: `${path}/${escape(key)}` }))
  const rest = Object.keys(to)
    .sort(descending)
    .flatMap((key): readonly PatchOperation[] => {
      const below = `${path}/${escape(key)}`
      return Object.hasOwn(from, key)
        ? diff(from[key], to[key], below, newItems)
        : [{ op: 'add', path: below, value: to[key] }]
    })
  return [...removed, ...rest]
}

const listDiff = (
  from: JsonList,
  to: JsonList,
  path: string,
  newItems: NewItems,
): readonly PatchOperation[] => {
  const common = Math.min(from.length, to.length)
  const changes: PatchOperation[] = []
  for (let i = from.length - 1; i >= common; i--) changes.push({ op: 'remove', path: `${path}/${i}` })
  for (let i = common - 1; i >= 0; i--) changes.push(...diff(from[i], to[i], `${path}/${i}`, newItems))
  const added = to
    .slice(common)
    .map((value, i): PatchOperation => ({ op: 'add', path: `${path}/${common + i}`, value }))
  return newItems === 'last' ? [...changes, ...added] : [...added, ...changes]
}

type JsonList = readonly unknown[]
type JsonMap = Readonly<Record<string, unknown>>

const isList = (value: unknown): value is JsonList => Array.isArray(value)
const isMap = (value: unknown): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const descending = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0)

/** A part of a JSON Pointer (RFC 6901). */
const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
