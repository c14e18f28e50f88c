import fc from 'fast-check'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { jsonDiff } from '../../lib/server/json-diff.ts'

describe('jsonDiff', () => {
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
    ['the root', 1, null, [{ op: 'replace', path: '', value: null }]],
    ['a key that is inherited by objects', {}, { toString: 1 }, [{ op: 'add', path: '/toString', value: 1 }]],
  ])('gives the operations for %s', (_name, from, to, operations) => {
    expect(jsonDiff(from, to)).toEqual(operations)
  })

  // fast-json-patch refuses paths through prototypes, and a key "__proto__" is one.
  const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'))

  it.each(['first', 'last'] as const)('leads from any value to any other, with new items %s', (newItems) => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [from, to] = [{ value: plain(a) }, { value: plain(b) }]
        const operations = jsonDiff(from, to, newItems) as Operation[]
        expect(jsonPatch.applyPatch(plain(from), operations, true).newDocument).toEqual(to)
      }),
    )
  })
})

/** A copy without -0, which JSON does not know. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
