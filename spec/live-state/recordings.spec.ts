import { isRight } from 'fp-ts/Either'
import { dialects } from '../../lib/live-state/dialects.ts'
import { readSignal } from '../../lib/live-state/read-signal.ts'
import { step, type Versioned } from '../../lib/live-state/versioned-state.ts'
import { type Message, serializerV2 } from '../../lib/index.ts'
import { framesOf, recording } from '../support/recordings.ts'

type State = Readonly<Record<string, unknown>>

/** The messages of a recording, of both sides. */
const messages = (name: string): readonly (Message & { readonly from: string })[] =>
  framesOf(recording(name)).flatMap(({ frame, from }) => {
    const message = serializerV2.decode(frame)
    return isRight(message) ? [{ ...message.right, from }] : []
  })

/** The states that a client sees on the first topic of a recording, and with what it is left. */
const replay = (name: string, dialect: 'seance' | 'live-state'): readonly Versioned[] => {
  const { change, patch, error } = dialects[dialect]
  const states: Versioned[] = []
  let versioned: Versioned = { status: 'loading', maxVersion: undefined }
  for (const { event, payload, from } of messages(name)) {
    if (from === 'client' || ![change, patch, error].includes(event)) continue
    const { next, damage } = step(versioned, readSignal(dialects[dialect], event, payload))
    expect(damage).toBeUndefined()
    versioned = next
    states.push(next)
  }
  return states
}

describe.each([
  ['live_state_basic.v2', 'live-state'],
  ['live_state_lists.v2', 'live-state'],
  ['live_state_events.v2', 'live-state'],
  ['live_state_refresh.v2', 'live-state'],
  ['seance_basic.v2', 'seance'],
  ['seance_lists.v2', 'seance'],
  ['seance_events.v2', 'seance'],
] as const)('the recording %s', (name, dialect) => {
  it('leads from one state of the server to the next, without a gap', () => {
    const states = replay(name, dialect)
    expect(states.length).toBeGreaterThan(1)
    expect(states.every(({ status }) => status === 'live')).toBe(true)
  })
})

describe.each([
  ['live_state_lists.v2', 'live-state'],
  ['seance_lists.v2', 'seance'],
] as const)('the lists of %s', (name, dialect) => {
  it('are what the client asked the server to put', () => {
    const asked = messages(name).filter(({ event }) => event === `${dialects[dialect].eventPrefix}put`)
    const states = replay(name, dialect).map(({ whole }) => whole?.state as State)
    expect(asked.length).toBeGreaterThan(3)
    for (const { payload } of asked) {
      const { key, value } = payload as { readonly key: string; readonly value: unknown }
      expect(states).toContainEqual(expect.objectContaining({ [key]: value }))
    }
  })
})

describe('the recording live_state_odd_patches', () => {
  it('has patches that cannot be applied, which are noticed, and a refresh that ends the damage', () => {
    const { change, patch } = dialects['live-state']
    const damages: string[] = []
    let versioned: Versioned = { status: 'loading', maxVersion: undefined }
    for (const { event, payload, from } of messages('live_state_odd_patches.v2')) {
      if (from === 'client' || ![change, patch].includes(event)) continue
      const { next, damage } = step(versioned, readSignal(dialects['live-state'], event, payload))
      if (damage) damages.push(damage._tag)
      versioned = next
    }
    expect(damages).toContain('PatchFailed')
    expect(versioned).toMatchObject({
      status: 'live',
      whole: { state: { list: '', obj: { k: [1, 2, 3] } }, version: 17 },
    })
  })
})

describe('the recording live_state_wrap', () => {
  it('shows both clients the wrap after version 3, each with its own count', () => {
    const seen = new Map<string, Versioned>()
    const { lines } = recording('live_state_wrap.v2')
    for (const { conn = '', dir, opcode, text = '' } of lines) {
      const message = serializerV2.decode(dir === 'recv' && opcode === 'text' ? text : '')
      if (!isRight(message) || !message.right.event.startsWith('state:')) continue
      const { event, payload } = message.right
      const before = seen.get(conn) ?? { status: 'loading', maxVersion: { version: 3, given: true } }
      const { next, damage } = step(before, readSignal(dialects['live-state'], event, payload))
      expect(damage).toBeUndefined()
      seen.set(conn, next)
    }
    expect(seen.size).toBe(2)
  })
})

describe.each([
  ['live_state_errors.v2', 'live-state'],
  ['seance_errors.v2', 'seance'],
] as const)('the recording %s', (name, dialect) => {
  it('has the errors of init in place of a state', () => {
    const errors = replay(name, dialect).filter((versioned) => versioned.status === 'error')
    expect(errors.map(({ error }) => error)).toEqual([
      { message: 'init failed' },
      { reason: 'init failed', code: 7 },
    ])
  })
})
