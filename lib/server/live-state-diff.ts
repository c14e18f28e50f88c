import { below, isList, isMap, type PatchOperation } from './patch-operation.ts'

/**
 * The operations that LiveState sends for a change, with the oddities of its library, json_diff 0.1 (recordings
 * `live_state_lists`, `live_state_odd_patches`): old keys from last to first, then new keys from first to last. A null in a
 * list counts as missing, and a list that becomes a map is changed key by key, so not every patch leads to the new state;
 * some cannot be applied at all. A client has to notice, and to ask for the whole state.
 *
 * Throws if one of them is neither a list nor a map, which crashes the channel as it does there.
 */
export const liveStateDiff = (from: unknown, to: unknown, path = ''): readonly PatchOperation[] => {
  const changes = keysOf(from)
    .reverse()
    .flatMap((key): readonly PatchOperation[] => {
      const at = below(path, key)
      if (!has(to, key, from)) return [{ op: 'remove', path: at }]
      const [before, after] = [item(from, key), item(to, key)]
      if (isContainer(before) && isContainer(after)) return liveStateDiff(before, after, at)
      return before === after ? [] : [{ op: 'replace', path: at, value: after }]
    })
  const additions = keysOf(to)
    .filter((key) => !has(from, key, to))
    .map((key): PatchOperation => ({ op: 'add', path: below(path, key), value: item(to, key) }))
  return [...changes, ...additions]
}

const isContainer = (value: unknown): boolean => isList(value) || isMap(value)

/** Keys in the order of Elixir's small maps; the indices of a list. */
const keysOf = (container: unknown): string[] => {
  if (isList(container)) return [...container.keys()].map(String)
  if (isMap(container)) return Object.keys(container).sort()
  throw new TypeError('a state of LiveState is a map.')
}

/** An index of a list is never the key of a map, nor the other way round. */
const has = (container: unknown, key: string, other: unknown): boolean => {
  if (isList(container)) return isList(other) && (container[Number(key)] ?? null) !== null
  return isMap(container) && isMap(other) && Object.hasOwn(container, key)
}

const item = (container: unknown, key: string): unknown =>
  (container as Readonly<Record<string, unknown>>)[key]
