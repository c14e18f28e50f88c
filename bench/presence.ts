import { isRight } from 'fp-ts/Either'
import { Presence as PhoenixPresence } from 'phoenix'
import {
  decodePresenceDiff,
  type Presence,
  type PresenceEntries,
  type PresenceState,
} from '../lib/presence/presence-state.ts'
import { syncDiff } from '../lib/presence/sync-diff.ts'
import { syncState } from '../lib/presence/sync-state.ts'

// What one diff (one key comes, one goes) costs beside phoenix.js, by the length of the list. Run it with
// `npx tsx bench/presence.ts`.

const ROUNDS = 7
const DIFFS = 2_000

const entry = (i: number): Presence => ({
  metas: [{ phx_ref: `ref-${i}`, online_at: 1_700_000_000 + i, device: 'phone' }],
})

const entries = (n: number): PresenceEntries =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`user:${i}`, entry(i)]))

/** Frames, so that both start from what the parser gives. */
const diffs = (n: number): readonly string[] =>
  Array.from({ length: DIFFS }, (_, i) =>
    JSON.stringify({
      joins: { [`user:${n + i}`]: entry(n + i) },
      leaves: { [`user:${i}`]: entry(i) },
    }),
  )

interface Run {
  readonly us: number
  readonly size: number
}

const timed = (
  n: number,
  apply: (parsed: readonly { joins: PresenceEntries; leaves: PresenceEntries }[]) => number,
): Run => {
  const parsed = diffs(n).map(
    (frame) => JSON.parse(frame) as { joins: PresenceEntries; leaves: PresenceEntries },
  )
  const startedAt = performance.now()
  const size = apply(parsed)
  return { us: ((performance.now() - startedAt) * 1_000) / DIFFS, size }
}

const ours = (n: number, isRead: boolean): Run => {
  const first: PresenceState = syncState(new Map(), entries(n))
  return timed(n, (parsed) => {
    let state = first
    let read = 0
    for (const diff of parsed) {
      const decoded = decodePresenceDiff(diff)
      if (isRight(decoded)) state = syncDiff(state, decoded.right)
      // What a subscriber does that looks one key up and counts.
      if (isRead) read += state.size + (state.get('user:0') ? 1 : 0)
    }
    return isRead && read === 0 ? 0 : state.size
  })
}

const theirs = (n: number): Run => {
  const first = PhoenixPresence.syncState({}, entries(n)) as PresenceEntries
  return timed(n, (parsed) => {
    let state = first
    for (const diff of parsed) state = PhoenixPresence.syncDiff(state, diff) as PresenceEntries
    return Object.keys(state).length
  })
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

console.log(
  '| entries | phoenix.js, µs a diff | rx-phoenix, µs | × phoenix.js | rx-phoenix, read after each, µs | same list |',
)
console.log('|---|---|---|---|---|---|')
for (const n of [100, 10_000, 100_000]) {
  // In turns, so that what else the machine does falls on all alike.
  const runs = Array.from({ length: ROUNDS }, () => ({
    theirs: theirs(n),
    ours: ours(n, false),
    read: ours(n, true),
  }))
  const us = (name: 'theirs' | 'ours' | 'read'): number => median(runs.map((run) => run[name].us))
  const isSame = runs.every((run) => run.theirs.size === run.ours.size && run.ours.size === run.read.size)
  const ratio = median(runs.map((run) => run.ours.us / run.theirs.us))
  console.log(
    `| ${n} | ${us('theirs').toFixed(2)} | ${us('ours').toFixed(2)} | ${ratio.toFixed(2)} (≤ 0.3) | ${us('read').toFixed(2)} | ${isSame ? 'yes' : 'NO'} |`,
  )
}
