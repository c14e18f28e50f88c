import { Presence as PhoenixPresence } from 'phoenix'
import { decodePresenceDiff, type PresenceEntries, syncDiff, syncState } from 'rx-phoenix'
import { type ClientName } from '../clients/names.ts'
import { type Measured } from '../measured.ts'

interface Diff {
  readonly joins: PresenceEntries
  readonly leaves: PresenceEntries
}

const DIFFS = 2_000
const ROUNDS = 5

const entriesOf = (from: number, count: number): PresenceEntries =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `user:${from + i}`,
      { metas: [{ phx_ref: `ref-${from + i}`, online_at: 1_700_000_000 + from + i, device: 'phone' }] },
    ]),
  )

/** Of each one key comes and one goes. Parsed anew for each round, so that all start from what the parser gives. */
const diffs = (n: number): Diff[] =>
  Array.from(
    { length: DIFFS },
    (_, i) => JSON.parse(JSON.stringify({ joins: entriesOf(n + i, 1), leaves: entriesOf(i, 1) })) as Diff,
  )

/** Who has applied all diffs to a list gives its length. */
type Apply = (list: PresenceEntries, diffs: readonly Diff[]) => () => number

const ways: Readonly<Partial<Record<ClientName, Apply>>> = {
  /** A Map that is changed in place: a yardstick, since nobody can keep what he was given. */
  raw: (list, diffs) => {
    const state = new Map(Object.entries(list))
    return () => {
      for (const { joins, leaves } of diffs) {
        for (const [key, entry] of Object.entries(joins)) state.set(key, entry)
        for (const key in leaves) state.delete(key)
      }
      return state.size
    }
  },
  phoenix: (list, diffs) => {
    const first = PhoenixPresence.syncState({}, list) as PresenceEntries
    return () => {
      let state = first
      for (const diff of diffs) state = PhoenixPresence.syncDiff(state, diff) as PresenceEntries
      return Object.keys(state).length
    }
  },
  rx: (list, diffs) => {
    const first = syncState(new Map(), list)
    return () => {
      let state = first
      for (const diff of diffs) {
        const decoded = decodePresenceDiff(diff)
        if (decoded._tag === 'Right') state = syncDiff(state, decoded.right)
      }
      return state.size
    }
  },
}

/** What one diff costs on a list of so many entries. */
export const presence = (client: ClientName, n: number): Measured => {
  const way = ways[client]
  if (!way) throw new Error(`${client} has no presence`)
  let best = Infinity
  let correct = true
  for (let i = 0; i < ROUNDS; i++) {
    const apply = way(entriesOf(0, n), diffs(n))
    const startedAt = performance.now()
    const length = apply()
    best = Math.min(best, ((performance.now() - startedAt) * 1_000) / DIFFS)
    correct &&= length === n
  }
  return { value: best, correct }
}
