import { applyKeys, join, leave, missingIn } from './apply-keys.ts'
import { ownEntry } from './own-entry.ts'
import {
  type Presence,
  type PresenceChange,
  type PresenceEntries,
  type PresenceState,
} from './presence-state.ts'

/**
 * Puts the whole state that a server sent in the place of another, by difference. Never changes its input: what is the
 * same stays the same object, and the Map itself is returned if nothing differs. Costs as much as the lists are long.
 *
 * @param onChange - called for each key that differs.
 */
export const syncState = <P extends Presence>(
  state: PresenceState<NoInfer<P>>,
  entries: PresenceEntries<P>,
  onChange?: (change: PresenceChange<P>) => void,
): PresenceState<P> =>
  applyKeys(
    state,
    new Set([...Object.keys(entries), ...state.keys()]),
    (key, before) => {
      const entry = ownEntry(entries, key)
      // A meta never changes: one that stays is the object that it was.
      return entry && leave(join(before, entry), before && { metas: missingIn(before, entry) })
    },
    onChange,
  )
