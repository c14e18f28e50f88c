import fc from 'fast-check'
import { Presence as PhoenixPresence } from 'phoenix'
import {
  type PresenceChange,
  type PresenceDiff,
  type PresenceEntries,
  type PresenceState,
} from '../../lib/presence/presence-state.ts'
import { syncDiff } from '../../lib/presence/sync-diff.ts'
import { syncState } from '../../lib/presence/sync-state.ts'
import { frozen, inAWord, listed, stateOf, withRefs } from './support.ts'

const synced = (
  state: PresenceState,
  { joins = {}, leaves = {} }: Partial<PresenceDiff>,
): { readonly next: PresenceState; readonly told: readonly string[] } => {
  const changes: PresenceChange[] = []
  const next = syncDiff(state, frozen({ joins, leaves }), (change) => changes.push(change))
  return { next, told: changes.map(inAWord) }
}

describe('syncDiff', () => {
  // The cases of the presence tests of phoenix.js.
  it('takes a join into an empty state', () => {
    const joins = { u1: { metas: [{ id: 1, phx_ref: '1' }] } }
    expect(synced(new Map(), { joins }).next).toEqual(stateOf(joins))
  })

  it('removes a key with its last meta, and adds a meta to another', () => {
    const state = stateOf({ u1: withRefs('1'), u2: withRefs('2') })
    const { next, told } = synced(state, { joins: { u1: withRefs('1.2') }, leaves: { u2: withRefs('2') } })
    expect(next).toEqual(stateOf({ u1: withRefs('1', '1.2') }))
    expect(told).toEqual(['u1+1.2', 'u2-2'])
  })

  it('removes a meta, and leaves the key if others are there', () => {
    const { next } = synced(stateOf({ u1: withRefs('1', '1.2') }), { leaves: { u1: withRefs('1') } })
    expect(next).toEqual(stateOf({ u1: withRefs('1.2') }))
  })

  it('takes an update, a join with a leave, as one change', () => {
    const { next, told } = synced(stateOf({ a: withRefs('1') }), {
      joins: { a: { metas: [{ phx_ref: '2', phx_ref_prev: '1' }] } },
      leaves: { a: withRefs('1') },
    })
    expect(next.get('a')?.metas).toEqual([{ phx_ref: '2', phx_ref_prev: '1' }])
    expect(told).toEqual(['a+2-1'])
  })

  it('keeps fields beside the metas: those of the latest join', () => {
    const ann = { ...withRefs('1'), user: { name: 'Ann' } }
    const { next } = synced(stateOf({ a: ann }), {
      joins: { a: { ...withRefs('2'), user: { name: 'Anna' } } },
    })
    expect(next.get('a')).toEqual({ ...withRefs('1', '2'), user: { name: 'Anna' } })
    const left = synced(next, { leaves: { a: { ...withRefs('2'), user: { name: 'gone' } } } }).next
    expect(left.get('a')).toEqual({ ...withRefs('1'), user: { name: 'Anna' } })
  })

  it.each([
    ['a join whose phx_ref is known', { joins: { a: withRefs('1') } }],
    ['a leave of nobody', { leaves: { x: withRefs('9'), a: withRefs('9') } }],
    ['an empty diff', {}],
    ['a join without metas', { joins: { x: withRefs() } }],
    ['a meta that came and went', { joins: { x: withRefs('7') }, leaves: { x: withRefs('7') } }],
  ])('gives the Map itself after %s', (_case, diff) => {
    const state = syncState(new Map(), { a: withRefs('1') })
    expect(synced(state, diff).next).toBe(state)
    expect(synced(state, diff).told).toEqual([])
  })

  it('never changes a state that it returned before, and shares its presences', () => {
    const state = syncState(new Map(), { a: withRefs('1'), b: withRefs('2') })
    const { next } = synced(state, { joins: { b: withRefs('3') }, leaves: { a: withRefs('1') } })
    expect(listed(state)).toEqual(['a 1', 'b 2'])
    expect(listed(next)).toEqual(['b 2 3'])
    expect(synced(state, { leaves: { a: withRefs('1') } }).next.get('b')).toBe(state.get('b'))
  })

  it('treats __proto__ as a key like any other', () => {
    const joins = JSON.parse('{"__proto__":{"metas":[{"phx_ref":"1"}]}}') as PresenceEntries
    const { next } = synced(new Map(), { joins })
    expect(next.get('__proto__')).toEqual(withRefs('1'))
    expect(synced(next, { leaves: joins }).next.size).toBe(0)
    expect(synced(stateOf({ a: withRefs('1') }), { leaves: joins }).told).toEqual([])
  })

  it('agrees with phoenix.js', () => {
    const entry = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4'), { minLength: 1, maxLength: 3 })
    const entries = fc
      .dictionary(fc.constantFrom('a', 'b', 'c'), entry)
      .map((refs) => Object.fromEntries(Object.entries(refs).map(([key, each]) => [key, withRefs(...each)])))
    fc.assert(
      fc.property(entries, fc.array(fc.record({ joins: entries, leaves: entries })), (first, diffs) => {
        let ours = syncState(new Map(), frozen(first))
        let theirs = PhoenixPresence.syncState({}, copy(first)) as PresenceEntries
        for (const diff of diffs) {
          ours = synced(ours, diff).next
          theirs = PhoenixPresence.syncDiff(theirs, copy(diff)) as PresenceEntries
          expect(listed(ours)).toEqual(listed(theirs))
        }
      }),
    )
  })
})

const copy = <A>(value: A): A => JSON.parse(JSON.stringify(value)) as A
