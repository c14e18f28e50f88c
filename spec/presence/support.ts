import { type Presence, type PresenceChange, type PresenceState } from '../../lib/presence/presence-state.ts'

/** A presence whose metas have these refs. */
export const withRefs = (...refs: readonly string[]): Presence => ({
  metas: refs.map((phx_ref) => ({ phx_ref })),
})

export const stateOf = (entries: Readonly<Record<string, Presence>>): PresenceState =>
  new Map(Object.entries(entries))

const refs = (metas: Presence['metas']): string[] => metas.map(({ phx_ref }) => phx_ref)

/** A change in a word: the key, `+` and the refs that came, `-` and those that went. */
export const inAWord = ({ key, joined, left }: PresenceChange): string =>
  `${key}${joined.length > 0 ? `+${refs(joined).join('')}` : ''}${left.length > 0 ? `-${refs(left).join('')}` : ''}`

/** The refs by key, for comparing lists whatever the order of keys and metas. */
export const listed = (
  state: PresenceState | Readonly<Record<string, Presence>> | undefined,
): readonly string[] => {
  const entries: readonly [string, Presence][] =
    state instanceof Map ? [...(state as PresenceState)] : Object.entries(state ?? {})
  return entries.map(([key, { metas }]) => `${key} ${refs(metas).sort().join(' ')}`).sort()
}

/** Freezes a JSON value through and through, so that a change of it throws. */
export const frozen = <A>(value: A): A => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}
