import { dialectOf, dialects } from '../../lib/live-state/dialects.ts'
import { readSignal } from '../../lib/live-state/read-signal.ts'

describe('readSignal', () => {
  it('reads the words of LiveState and of Seance', () => {
    const operations: unknown[] = []
    const whole = { state: { a: 1 }, version: 3 }
    expect(readSignal(dialects['live-state'], 'state:change', whole)).toEqual({ type: 'change', whole })
    expect(readSignal(dialects.seance, 'seance:change', whole)).toEqual({ type: 'change', whole })
    const patch = { type: 'patch', operations, version: 4 }
    expect(readSignal(dialects['live-state'], 'state:patch', { patch: operations, version: 4 })).toEqual(
      patch,
    )
    expect(readSignal(dialects.seance, 'seance:patch', { operations, version: 4 })).toEqual(patch)
    expect(readSignal(dialects.seance, 'seance:error', 'text')).toEqual({ type: 'failed', error: 'text' })
  })

  it('reads the keys of a custom dialect', () => {
    const own = {
      ...dialects.seance,
      change: 'c',
      patch: 'p',
      stateKey: 's',
      versionKey: 'v',
      operationsKey: 'o',
    }
    expect(readSignal(own, 'c', { s: 1, v: 0 })).toEqual({ type: 'change', whole: { state: 1, version: 0 } })
    expect(readSignal(own, 'p', { o: [], v: 1 })).toEqual({ type: 'patch', operations: [], version: 1 })
  })

  it('takes null for a state, and false', () => {
    expect(readSignal(dialects.seance, 'seance:change', { state: null, version: 0 })).toMatchObject({
      type: 'change',
    })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['bytes', new ArrayBuffer(1)],
    ['no version', { state: {} }],
    ['no state', { version: 0 }],
    ['a version that is a text', { state: {}, version: '1' }],
    ['half a version', { state: {}, version: 0.5 }],
    ['a version below 0', { state: {}, version: -1 }],
    ['inherited keys', Object.create({ state: {}, version: 1 })],
  ])('rejects %s', (_case, payload) => {
    expect(readSignal(dialects.seance, 'seance:change', payload).type).toBe('malformed')
    expect(readSignal(dialects.seance, 'seance:patch', payload).type).toBe('malformed')
  })
})

describe('dialectOf', () => {
  it('gives a dialect by its name, or as it is', () => {
    expect(dialectOf('seance')).toBe(dialects.seance)
    const own = { change: 'c', patch: 'p', error: 'e', eventPrefix: '' }
    expect(dialectOf(own)).toBe(own)
  })

  it.each([
    ['elm' as 'seance'],
    [{} as (typeof dialects)['seance']],
    [undefined as never],
    ['toString' as 'seance'],
  ])('throws InvalidArgument for %j', (dialect) => {
    expect(() => dialectOf(dialect)).toThrow("pass 'seance', 'live-state'")
  })
})
