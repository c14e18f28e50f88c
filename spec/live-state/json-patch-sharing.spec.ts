import fc from 'fast-check'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { type Either, isRight } from 'fp-ts/Either'
import { applyPatch } from '../../lib/live-state/json-patch.ts'
import { frozen } from '../presence/support.ts'

interface State {
  readonly a: { readonly deep: { readonly list: readonly unknown[] } }
  readonly b: object
}

const state: State = frozen({ a: { deep: { list: [{ id: 1 }, { id: 2 }] } }, b: { c: {} } })

const patched = (operations: readonly object[], document: unknown = state): State => {
  const result: Either<unknown, unknown> = applyPatch(document, operations)
  if (!isRight(result)) throw new Error(JSON.stringify(result.left))
  return result.right as State
}

describe('applyPatch shares what no operation touches', () => {
  it('and gives the document itself for an empty patch, or one that only tests', () => {
    expect(patched([])).toBe(state)
    expect(patched([{ op: 'test', path: '/b/c', value: {} }])).toBe(state)
  })

  it('and copies along the paths only', () => {
    const next = patched([{ op: 'replace', path: '/a/deep/list/0/id', value: 9 }])
    expect(next.b).toBe(state.b)
    expect(next.a.deep.list[1]).toBe(state.a.deep.list[1])
    expect(next.a.deep.list).toEqual([{ id: 9 }, { id: 2 }])
    expect(next.a.deep.list).not.toBe(state.a.deep.list)
  })

  it('and keeps the value of an operation as it is', () => {
    const value = frozen({ x: [1] })
    expect(patched([{ op: 'add', path: '/b/v', value }]).b).toMatchObject({ v: value })
    const next = patched([
      { op: 'add', path: '/b/v', value },
      { op: 'add', path: '/b/v/x/-', value: 2 },
    ])
    expect(next.b).toEqual({ c: {}, v: { x: [1, 2] } })
    expect(value).toEqual({ x: [1] })
  })

  it('and does not let a copy change with what it was copied from, nor the other way round', () => {
    const next = patched([
      { op: 'add', path: '/b/c/n', value: 1 },
      { op: 'copy', path: '/b/d', from: '/b/c' },
      { op: 'replace', path: '/b/d/n', value: 2 },
      { op: 'add', path: '/b/c/m', value: 3 },
    ])
    expect(next.b).toEqual({ c: { n: 1, m: 3 }, d: { n: 2 } })
  })
})

// Names that need escapes, and names that look like indexes.
const key = fc.constantFrom('a', 'b', '', '0', '1', '-', 'a/b', 'm~n')
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, 0, 1, 'x'),
    fc.dictionary(key, tie('json'), { maxKeys: 4 }),
    fc.array(tie('json'), { maxLength: 4 }),
  ),
}))
const pointer = fc
  .array(key, { maxLength: 3 })
  .map((parts) => parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''))
const operation = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path: pointer, value: json }),
  fc.record({ op: fc.constant('remove'), path: pointer }),
  fc.record({ op: fc.constantFrom('move', 'copy'), path: pointer, from: pointer }),
) as fc.Arbitrary<Operation>

const clone = <A>(value: A): A => JSON.parse(JSON.stringify(value)) as A

/** What fast-json-patch makes of it, or that it does not apply. */
const oracle = (
  document: unknown,
  operations: readonly Operation[],
): { readonly result: unknown } | undefined => {
  try {
    return { result: jsonPatch.applyPatch(clone(document), clone([...operations]), true).newDocument }
  } catch {
    return undefined
  }
}

describe('applyPatch with fast-json-patch as oracle', () => {
  it('takes what compare() makes of any two documents', () => {
    const container = fc.oneof(fc.dictionary(key, json), fc.array(json))
    fc.assert(
      fc.property(container, container, (from, to) => {
        fc.pre(Array.isArray(from) === Array.isArray(to))
        const operations = jsonPatch.compare(clone(from) as object, clone(to) as object)
        expect(patched(operations, frozen(from))).toEqual(to)
      }),
      { numRuns: 300 },
    )
  })

  // What it takes and RFC 6902 does not (a path through a scalar, "-" as an index) is in the table of json-patch.spec.ts.
  it('agrees on whatever applies, also on operations that share lists and objects on their way', () => {
    fc.assert(
      fc.property(json, fc.array(operation, { maxLength: 8 }), (document, operations) => {
        const ours = applyPatch(frozen(document), frozen(operations))
        const theirs = oracle(document, operations)
        // It refuses to move from a list into what then takes the place of the first: [null, {}], "/1/a" from "/0".
        fc.pre(isRight(ours) && theirs !== undefined)
        expect(patched(operations, document)).toEqual(theirs.result)
      }),
      { numRuns: 2_000 },
    )
  })
})
