import { editMap } from './edit-map.ts'
import { type Presence, type PresenceChange, type PresenceState } from './presence-state.ts'

/**
 * Replaces the presence of some keys where it differs, and reports the differences. Returns the same Map if nothing differs.
 *
 * @param next - the presence of a key from now on. One without metas does not exist.
 */
export const applyKeys = <P extends Presence>(
  state: PresenceState<P>,
  keys: Iterable<string>,
  next: (key: string, before: P | undefined) => P | undefined,
  onChange?: (change: PresenceChange<P>) => void,
): PresenceState<P> => {
  const edits: Map<string, P | undefined> = new Map()
  for (const key of keys) {
    const before = state.get(key)
    const given = next(key, before)
    const after = given?.metas.length === 0 ? undefined : given
    const joined = missingIn(after, before)
    const left = missingIn(before, after)
    if (joined.length + left.length === 0 && sameFields(before, after)) continue
    edits.set(key, after)
    onChange?.({ key, before, after, joined, left })
  }
  return editMap(state, edits)
}

/** The metas that were there, and the new ones; the further fields are those of the join. */
export const join = <P extends Presence>(before: P | undefined, entry: P | undefined): P | undefined =>
  before && entry ? { ...entry, metas: [...before.metas, ...missingIn(entry, before)] } : (entry ?? before)

/** Without the metas that left. */
export const leave = <P extends Presence>(
  before: P | undefined,
  entry: Presence | undefined,
): P | undefined => (before && entry ? { ...before, metas: missingIn(before, entry) } : before)

/** The metas of one presence whose `phx_ref` another one does not have. */
export const missingIn = (presence: Presence | undefined, other: Presence | undefined): Presence['metas'] => {
  const metas = presence?.metas ?? []
  if (!other || metas.length === 0) return metas
  // A Set pays only where many are present under one key.
  const refs = other.metas.length > FEW ? new Set(other.metas.map((meta) => meta.phx_ref)) : undefined
  return metas.filter(({ phx_ref }) =>
    refs ? !refs.has(phx_ref) : !other.metas.some((meta) => meta.phx_ref === phx_ref),
  )
}

const FEW = 8

/** A server may change what it adds beside `metas` while the metas stay. Nested too deep to be compared, it has changed. */
const sameFields = (a: Presence | undefined, b: Presence | undefined): boolean => {
  try {
    return a === b || JSON.stringify({ ...a, metas: 0 }) === JSON.stringify({ ...b, metas: 0 })
  } catch {
    return false
  }
}
