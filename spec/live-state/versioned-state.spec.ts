import { type Damage, type Signal, step, type Versioned } from '../../lib/live-state/versioned-state.ts'
import { frozen } from '../presence/support.ts'

const loading: Versioned = { status: 'loading', maxVersion: undefined }

const change = (state: unknown, version: number): Signal => ({ type: 'change', whole: { state, version } })
const inc = (version: number): Signal => ({
  type: 'patch',
  operations: [{ op: 'replace', path: '/n', value: version }],
  version,
})

/** What the signals lead to, and every damage on the way. */
const run = (
  signals: readonly Signal[],
  from: Versioned = loading,
): { readonly last: Versioned; readonly damages: readonly Damage[] } => {
  const damages: Damage[] = []
  const last = signals.reduce((versioned, signal) => {
    const { next, damage } = step(frozen(versioned), frozen(signal))
    if (damage) damages.push(damage)
    return next
  }, from)
  return { last, damages }
}

const upTo = (last: number): readonly Signal[] => [
  change({ n: 0 }, 0),
  ...Array.from({ length: last }, (_, i) => inc(i + 1)),
]
const strict: Versioned = { status: 'loading', maxVersion: { version: 3, given: true } }

describe('step', () => {
  it('loads a whole state, and follows it by patches', () => {
    expect(run([change({ n: 0 }, 0), inc(1), inc(2)])).toEqual({
      last: { status: 'live', whole: { state: { n: 2 }, version: 2 }, maxVersion: undefined },
      damages: [],
    })
  })

  it('raises the version by an empty patch, and keeps the state', () => {
    const state = frozen({ n: 0 })
    const { last } = run([change(state, 0), { type: 'patch', operations: [], version: 1 }])
    expect(last.whole?.version).toBe(1)
    expect(last.whole?.state).toBe(state)
  })

  it('takes a whole state of any version, as after a refresh or from a server that sends no patches', () => {
    expect(run([...upTo(2), change({ n: 7 }, 7), inc(8)]).last).toMatchObject({
      status: 'live',
      whole: { state: { n: 8 }, version: 8 },
    })
  })

  it.each<[string, Signal, object]>([
    ['a gap', inc(4), { _tag: 'VersionGap', version: 4, after: 2 }],
    ['a version that was there', inc(2), { _tag: 'VersionGap', version: 2 }],
    [
      'a patch that does not apply',
      { ...inc(3), operations: [{ op: 'remove', path: '/x' }] } as Signal,
      { _tag: 'PatchFailed', index: 0 },
    ],
    ['an invalid patch', { ...inc(3), operations: 'x' } as Signal, { _tag: 'PatchFailed' }],
    [
      'a message of the wrong shape',
      { type: 'malformed', error: 'bad' },
      { _tag: 'Malformed', error: 'bad' },
    ],
  ])('keeps the last good state, stale, after %s', (_case, signal, damage) => {
    expect(run([...upTo(2), signal])).toMatchObject({
      last: { status: 'stale', whole: { state: { n: 2 }, version: 2 } },
      damages: [damage],
    })
  })

  it('applies no patch until the whole state has come again', () => {
    const { last, damages } = run([...upTo(1), inc(3), inc(4), inc(2)])
    expect(last).toMatchObject({ status: 'stale', whole: { version: 1 } })
    expect(damages.map(({ _tag }) => _tag)).toEqual(['VersionGap', 'PatchWithoutState', 'PatchWithoutState'])
    expect(run([change({ n: 4 }, 4), inc(5)], last).last).toMatchObject({
      status: 'live',
      whole: { version: 5 },
    })
  })

  it('needs a state before the first patch', () => {
    expect(run([inc(0)])).toEqual({
      last: loading,
      damages: [{ _tag: 'PatchWithoutState', version: 0 }],
    })
  })

  it.each(['lost', 'joined'] as const)('keeps the last state, stale, when the join is %s', (type) => {
    const { last } = run([...upTo(2), { type }])
    expect(last).toMatchObject({ status: 'stale', whole: { version: 2 } })
    // A new join counts from 0.
    expect(run([change({ n: 0 }, 0)], last).last).toMatchObject({ status: 'live', whole: { version: 0 } })
    expect(run([{ type }]).last).toEqual(loading)
  })
})

describe('step and errors of the server', () => {
  const failed: Signal = { type: 'failed', error: { message: 'init failed' } }

  it('has an error in place of a state, until a state comes', () => {
    const { last } = run([{ type: 'joined' }, failed])
    expect(last).toMatchObject({ status: 'error', error: { message: 'init failed' }, whole: undefined })
    expect(run([change(1, 0)], last).last).toMatchObject({ status: 'live' })
    expect(run([{ type: 'lost' }], last).last).toEqual(loading)
  })

  it('keeps the last state beside the error', () => {
    expect(run([...upTo(1), { type: 'joined' }, failed]).last).toMatchObject({
      status: 'error',
      whole: { version: 1 },
    })
  })

  it('stays live after an error that comes while live', () => {
    expect(run([...upTo(1), failed]).last.status).toBe('live')
  })
})

describe('step and the maximum version', () => {
  it.each([
    ['0 after the maximum', [...upTo(3), inc(0), inc(1)], 'live'],
    ['0 before the maximum', [...upTo(2), inc(0)], 'stale'],
    ['a version above the maximum', [...upTo(3), inc(4)], 'stale'],
  ])('given as 3: %s', (_case, signals, status) => {
    expect(run(signals, strict).last.status).toBe(status)
  })

  it('is learnt at the first wrap', () => {
    const { last } = run([...upTo(3), inc(0)])
    expect(last).toMatchObject({
      status: 'live',
      maxVersion: { version: 3, given: false },
      whole: { version: 0 },
    })
    expect(run([inc(1), inc(0)], last).damages).toEqual([{ _tag: 'VersionGap', version: 0, after: 1 }])
    expect(run([inc(1), inc(2), inc(3), inc(0)], last)).toMatchObject({
      damages: [],
      last: { status: 'live' },
    })
  })

  it('is still known after a rejoin', () => {
    const { last } = run([...upTo(3), inc(0), { type: 'lost' }, { type: 'joined' }, change({ n: 0 }, 0)])
    expect(last.maxVersion).toEqual({ version: 3, given: false })
  })

  it('is learnt again if a higher version shows that the wrap hid a gap', () => {
    const { last, damages } = run([...upTo(3), inc(0), inc(1), inc(2), inc(3), inc(4), inc(0)])
    expect(damages).toEqual([])
    expect(last.maxVersion).toEqual({ version: 4, given: false })
    expect(run([...upTo(3), inc(0), change({ n: 9 }, 9)]).last.maxVersion).toBeUndefined()
  })

  it('is not learnt from 0 after 0', () => {
    expect(run([...upTo(0), inc(0)]).damages).toHaveLength(1)
  })
})
