import { below, isList, isMap, type PatchOperation } from './patch-operation.ts'

/**
 * The operations that Seance sends for a change, in the order of its library, jsonpatch 2 (recording `seance_lists`): the
 * keys of a map from z to a, with removed ones first; of a list new items, then surplus ones from its end, then the items
 * in common from last to first. A list is compared item by item, so an insertion at its head touches every item behind it.
 */
export const seanceDiff = (from: unknown, to: unknown, path = ''): readonly PatchOperation[] => {
  if (isList(from) && isList(to)) return listDiff(from, to, path)
  if (isMap(from) && isMap(to)) return mapDiff(from, to, path)
  return from === to ? [] : [{ op: 'replace', path, value: to }]
}

type JsonList = readonly unknown[]
type JsonMap = Readonly<Record<string, unknown>>

const mapDiff = (from: JsonMap, to: JsonMap, path: string): readonly PatchOperation[] => {
  const removed = Object.keys(from)
    .filter((key) => !Object.hasOwn(to, key))
    .sort(descending)
    .map((key): PatchOperation => ({ op: 'remove', path: below(path, key) }))
  const rest = Object.keys(to)
    .sort(descending)
    .flatMap((key): readonly PatchOperation[] => {
      const at = below(path, key)
      return Object.hasOwn(from, key)
        ? seanceDiff(from[key], to[key], at)
        : [{ op: 'add', path: at, value: to[key] }]
    })
  return [...removed, ...rest]
}

const listDiff = (from: JsonList, to: JsonList, path: string): readonly PatchOperation[] => {
  const common = Math.min(from.length, to.length)
  const changes: PatchOperation[] = []
  for (let i = from.length - 1; i >= common; i--) changes.push({ op: 'remove', path: `${path}/${i}` })
  for (let i = common - 1; i >= 0; i--) changes.push(...seanceDiff(from[i], to[i], `${path}/${i}`))
  const added = to
    .slice(common)
    .map((value, i): PatchOperation => ({ op: 'add', path: `${path}/${common + i}`, value }))
  return [...added, ...changes]
}

const descending = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0)
