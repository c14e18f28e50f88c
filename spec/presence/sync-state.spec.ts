import {
  type PresenceChange,
  type PresenceEntries,
  type PresenceState,
} from '../../lib/presence/presence-state.ts'
import { syncState } from '../../lib/presence/sync-state.ts'
import { frozen, inAWord, stateOf, withRefs } from './support.ts'

const synced = (
  state: PresenceState,
  entries: PresenceEntries,
): { readonly next: PresenceState; readonly changes: readonly PresenceChange[] } => {
  const changes: PresenceChange[] = []
  const next = syncState(frozen(state), frozen(entries), (change) => changes.push(change))
  return { next, changes }
}

describe('syncState', () => {
  // The cases of the presence tests of phoenix.js.
  it('takes the first state as it is, and everybody has joined', () => {
    const entries = { u1: { metas: [{ id: 1, phx_ref: '1' }] } }
    const { next, changes } = synced(new Map(), entries)
    expect(next).toEqual(stateOf(entries))
    expect(changes).toEqual([
      { key: 'u1', before: undefined, after: entries.u1, joined: entries.u1.metas, left: [] },
    ])
  })

  it('emits joins and leaves', () => {
    const state = stateOf({ u1: withRefs('1'), u2: withRefs('2'), u4: withRefs('4') })
    const { next, changes } = synced(state, { u1: withRefs('1'), u2: withRefs('2'), u3: withRefs('3') })
    expect([...next.keys()]).toEqual(['u1', 'u2', 'u3'])
    expect(changes.map(inAWord)).toEqual(['u3+3', 'u4-4'])
    expect(changes[1]).toMatchObject({ before: withRefs('4'), after: undefined, joined: [] })
  })

  it('emits only new metas', () => {
    const { next, changes } = synced(stateOf({ u3: withRefs('3') }), { u3: withRefs('3', '3.1') })
    expect(next.get('u3')).toEqual(withRefs('3', '3.1'))
    expect(changes.map(inAWord)).toEqual(['u3+3.1'])
  })

  it('emits metas that joined and left under one key in one change', () => {
    const { changes } = synced(stateOf({ u: withRefs('1', '2') }), { u: withRefs('2', '3') })
    expect(changes.map(inAWord)).toEqual(['u+3-1'])
  })
})

describe('syncState shares what did not change', () => {
  it('gives the Map itself if nothing differs', () => {
    const state = stateOf({ a: { ...withRefs('1'), user: { name: 'Ann' } }, b: withRefs('2', '3') })
    const { next, changes } = synced(
      state,
      JSON.parse(JSON.stringify(Object.fromEntries(state))) as PresenceEntries,
    )
    expect(next).toBe(state)
    expect(changes).toEqual([])
  })

  it('whatever the order of the metas', () => {
    const state = stateOf({ a: withRefs('1', '2') })
    expect(synced(state, { a: withRefs('2', '1') }).next).toBe(state)
  })

  it('keeps the presences and the metas that stay', () => {
    const state = stateOf({ a: withRefs('1'), b: withRefs('2') })
    const { next } = synced(state, { a: withRefs('1'), b: withRefs('2', '3') })
    expect(next.get('a')).toBe(state.get('a'))
    expect(next.get('b')?.metas[0]).toBe(state.get('b')?.metas[0])
  })

  it('takes over new fields beside the metas, and emits a change without metas', () => {
    const state = stateOf({ a: { ...withRefs('1'), user: { name: 'Ann' } } })
    const { next, changes } = synced(state, { a: { ...withRefs('1'), user: { name: 'Anna' } } })
    expect(next.get('a')).toEqual({ ...withRefs('1'), user: { name: 'Anna' } })
    expect(changes).toMatchObject([{ key: 'a', joined: [], left: [] }])
  })
})

describe('syncState with odd keys', () => {
  it.each(['__proto__', 'constructor', 'toString', '', '0'])('%j is a key like any other', (key) => {
    const entries = JSON.parse(`{${JSON.stringify(key)}:{"metas":[{"phx_ref":"1"}]}}`) as PresenceEntries
    const { next } = synced(new Map(), entries)
    expect([...next.keys()]).toEqual([key])
    expect(synced(next, {}).changes.map(inAWord)).toEqual([`${key}-1`])
    expect(synced(stateOf({ a: withRefs('1') }), {}).next.size).toBe(0)
  })

  it('has no key without metas', () => {
    expect(synced(new Map(), { a: withRefs() }).next.has('a')).toBe(false)
    expect(synced(stateOf({ a: withRefs('1') }), { a: withRefs() }).changes.map(inAWord)).toEqual(['a-1'])
  })
})
