import { applyKeys, join, leave } from './apply-keys.ts'
import { ownEntry } from './own-entry.ts'
import {
  type Presence,
  type PresenceChange,
  type PresenceDiff,
  type PresenceState,
} from './presence-state.ts'

/**
 * Applies a diff of the server. Never changes its input: what is the same stays the same object, and the Map itself is
 * returned if nothing differs, as after a join whose `phx_ref` is known. Costs as much as the diff is long, whatever
 * the length of the list, if the state comes from here or from `syncState`; another Map is copied once.
 *
 * @param onChange - called for each key that differs.
 */
export const syncDiff = <P extends Presence>(
  state: PresenceState<NoInfer<P>>,
  { joins, leaves }: PresenceDiff<P>,
  onChange?: (change: PresenceChange<P>) => void,
): PresenceState<P> =>
  applyKeys(
    state,
    new Set([...Object.keys(joins), ...Object.keys(leaves)]),
    (key, before) => leave(join(before, ownEntry(joins, key)), ownEntry(leaves, key)),
    onChange,
  )
