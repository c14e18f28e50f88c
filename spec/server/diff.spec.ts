import fc from 'fast-check'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { liveStateDiff } from '../../lib/server/live-state-diff.ts'
import { seanceDiff } from '../../lib/server/seance-diff.ts'

/** A copy without -0, which JSON does not know. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

const expectToLead = (diff: typeof seanceDiff, json: fc.Arbitrary<unknown>): void => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      const [from, to] = [{ value: plain(a) }, { value: plain(b) }]
      const operations = diff(from, to) as Operation[]
      expect(jsonPatch.applyPatch(plain(from), operations, true).newDocument).toEqual(to)
    }),
  )
}

describe('seanceDiff', () => {
  it.each([
    ['nothing', { a: [1] }, { a: [1] }, []],
    ['a key with slash and tilde', {}, { 'a/b~c': 1 }, [{ op: 'add', path: '/a~1b~0c', value: 1 }]],
    [
      'a list that shrinks',
      [1, 2, 3],
      [1],
      [
        { op: 'remove', path: '/2' },
        { op: 'remove', path: '/1' },
      ],
    ],
    ['a map that becomes a list', { a: {} }, { a: [] }, [{ op: 'replace', path: '/a', value: [] }]],
    ['the root', null, { a: 1 }, [{ op: 'replace', path: '', value: { a: 1 } }]],
    ['a key that is inherited by objects', {}, { toString: 1 }, [{ op: 'add', path: '/toString', value: 1 }]],
  ])('gives the operations for %s', (_name, from, to, operations) => {
    expect(seanceDiff(from, to)).toEqual(operations)
  })

  // eslint-disable-next-line jest/expect-expect -- expectToLead does
  it('leads from any value to any other', () => {
    // fast-json-patch refuses paths through prototypes, and a key "__proto__" is one.
    expectToLead(
      seanceDiff,
      fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__')),
    )
  })
})

describe('liveStateDiff', () => {
  it.each([
    ['nothing', { a: [1] }, { a: [1] }, []],
    ['a key with slash and tilde', {}, { 'a/b~c': 1 }, [{ op: 'add', path: '/a~1b~0c', value: 1 }]],
    [
      'keys that go, change and come: old ones from z to a, new ones from a to z',
      { a: 1, b: 2, c: 3 },
      { y: 1, x: 2, b: 0, a: 1 },
      [
        { op: 'remove', path: '/c' },
        { op: 'replace', path: '/b', value: 0 },
        { op: 'add', path: '/x', value: 2 },
        { op: 'add', path: '/y', value: 1 },
      ],
    ],
    [
      'a list that grows and changes',
      { l: [1, 2] },
      { l: [3, 4, 5, 6] },
      [
        { op: 'replace', path: '/l/1', value: 4 },
        { op: 'replace', path: '/l/0', value: 3 },
        { op: 'add', path: '/l/2', value: 5 },
        { op: 'add', path: '/l/3', value: 6 },
      ],
    ],
    ['a null in a list, which counts as missing', [1], [null], [{ op: 'remove', path: '/0' }]],
    ['a map that becomes a list', { a: {} }, { a: [7] }, [{ op: 'add', path: '/a/0', value: 7 }]],
    [
      'a map with the key of an index',
      { a: { 0: 7 } },
      { a: [7] },
      [
        { op: 'remove', path: '/a/0' },
        { op: 'add', path: '/a/0', value: 7 },
      ],
    ],
    ['a key that is inherited by objects', {}, { toString: 1 }, [{ op: 'add', path: '/toString', value: 1 }]],
  ])('gives the operations for %s', (_name, from, to, operations) => {
    expect(liveStateDiff(from, to)).toEqual(operations)
  })

  it('takes lists and maps only, as the library does', () => {
    expect(() => liveStateDiff(null, {})).toThrow(TypeError)
  })

  // eslint-disable-next-line jest/expect-expect -- expectToLead does
  it('leads from any map to any other where no list holds null or turns into a map', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean())
    const { map } = fc.letrec((tie) => ({
      map: fc.record(
        { scalar: fc.option(scalar), list: fc.array(fc.oneof(scalar, fc.array(scalar))), map: tie('map') },
        { requiredKeys: [] },
      ),
    }))
    expectToLead(liveStateDiff, map)
  })
})
