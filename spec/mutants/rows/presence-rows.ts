import { type RowMutant } from '../row-mutant.ts'

export const presenceRows: readonly RowMutant[] = [
  {
    name: 'changes the map that it gave before',
    file: 'lib/presence/edit-map.ts',
    find: 'edits.size === 0 ? map : PersistentMap.edit(map, edits)',
    replace:
      'edits.size === 0 ? map : map.size === 0 ? PersistentMap.edit(map, edits) : applied(map as Map<string, V>, edits)',
    proves: [
      'marble-tests/presence/presence.marbles.ts › gives the state of the server, and a new Map for each diff',
      'spec/presence/sync-diff.spec.ts › never changes a state that it returned before, and shares its presences',
    ],
  },
  {
    name: 'hears the usual events whatever the options say',
    file: 'lib/presence/presence.ts',
    find: "const { state = 'presence_state', diff = 'presence_diff' } = optionsIn('events', events)",
    replace:
      "const { state = 'presence_state', diff = 'presence_diff' } = optionsIn('events', events) && ({} as typeof events)",
    proves: ['marble-tests/presence/presence.marbles.ts › hears the events that the options name'],
  },
  {
    name: 'takes diffs before the list of their join',
    file: 'lib/presence/presence-fold.ts',
    find: 'if (!this.waiting) this.apply',
    replace: 'if (this.state) this.apply',
    proves: ['marble-tests/presence/presence.marbles.ts › keeps diffs of the new join back until its state'],
  },
  {
    name: 'loses the diffs that came before the list of their join',
    file: 'lib/presence/presence-fold.ts',
    find: '(waiting ?? []).reduce(',
    replace: '([] as PresenceDiff[]).reduce(',
    proves: ['marble-tests/presence/presence.marbles.ts › keeps diffs of the new join back until its state'],
  },
  {
    name: 'forgets the list between joins',
    file: 'lib/presence/presence-fold.ts',
    find: 'syncState(state, entries, onChange)',
    replace: 'syncState(new Map(), entries, onChange)',
    proves: [
      'marble-tests/presence/presence.marbles.ts › emits what changed over the gap, after a %s, and shows the old list meanwhile',
    ],
  },
  {
    name: 'lists the presences as they are, whatever the selector makes of them',
    file: 'lib/presence/presence.ts',
    find: '([key, found]) => selector(key, found)',
    replace: '([key, found]) => (selector(key, found), found as never)',
    proves: ['marble-tests/presence/views.marbles.ts › list emits what the selector makes of each key'],
  },
  {
    name: 'removes who joins again in the same diff',
    file: 'lib/presence/sync-diff.ts',
    find: 'leave(join(before, ownEntry(joins, key)), ownEntry(leaves, key))',
    replace: 'join(leave(before, ownEntry(leaves, key)), ownEntry(joins, key))',
    proves: ['spec/presence/sync-diff.spec.ts › agrees with phoenix.js'],
  },
  {
    name: 'does not tell who has gone',
    file: 'lib/presence/sync-state.ts',
    find: 'new Set([...Object.keys(entries), ...state.keys()])',
    replace: 'new Set(Object.keys(entries))',
    proves: ['spec/presence/sync-state.spec.ts › emits joins and leaves'],
  },
]
