import { type Presence, type PresenceEntries } from './presence-state.ts'

/** The entry of a key in an object of the server, which may have a key such as `__proto__` or not. */
export const ownEntry = <P extends Presence>(entries: PresenceEntries<P>, key: string): P | undefined =>
  Object.hasOwn(entries, key) ? entries[key] : undefined
