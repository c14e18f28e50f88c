import { inspect } from 'node:util'
import fc from 'fast-check'
import { type Edits, editMap } from '../../lib/presence/edit-map.ts'

type Numbers = ReadonlyMap<string, number>

const edits = (changes: Readonly<Record<string, number | undefined>>): Edits<number> =>
  new Map(Object.entries(changes))

let abc: Numbers
beforeEach(() => {
  abc = editMap<number>(new Map(), edits({ a: 1, b: 2, c: 3 }))
})

describe('editMap', () => {
  it('gives a Map with the edits, and leaves the one it got as it was', () => {
    const next = editMap(abc, edits({ a: undefined, b: 20, d: 4 }))
    expect([...next]).toEqual([
      ['b', 20],
      ['c', 3],
      ['d', 4],
    ])
    expect(sorted(abc)).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
  })

  it('gives the Map itself if there are no edits', () => {
    expect(editMap(abc, new Map())).toBe(abc)
  })

  it('takes any Map to begin with, and does not change it', () => {
    const plain = new Map([['x', 1]])
    expect(editMap(plain, edits({ y: 2 }))).toEqual(
      new Map([
        ['x', 1],
        ['y', 2],
      ]),
    )
    expect(plain.size).toBe(1)
  })

  it('passes for a Map', () => {
    expect(abc).toBeInstanceOf(Map)
    expect(abc).toEqual(new Map(Object.entries({ a: 1, b: 2, c: 3 })))
    expect(abc).not.toEqual(new Map(Object.entries({ a: 1, b: 2, c: 4 })))
    expect(inspect(abc)).toBe("Map(3) { 'a' => 1, 'b' => 2, 'c' => 3 }")
    expect(new Map(abc).size).toBe(3)
    const seen: unknown[] = []
    abc.forEach((value, key) => seen.push([key, value]))
    expect(seen).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    expect([[...abc.keys()], [...abc.values()], [...abc.entries()].length]).toEqual([
      ['a', 'b', 'c'],
      [1, 2, 3],
      3,
    ])
  })

  it('cannot be changed', () => {
    const map = abc as Map<string, number>
    expect(() => map.set('a', 2)).toThrow('copy it with new Map(map)')
    expect(() => map.delete('a')).toThrow(TypeError)
    expect(() => {
      map.clear()
    }).toThrow(TypeError)
    expect(map.get('a')).toBe(1)
  })

  it('can be frozen, as NgRx does in development', () => {
    const frozen = Object.freeze(editMap(abc, edits({ z: 1 })))
    expect(editMap(frozen, edits({ z: 2 })).get('z')).toBe(2)
    expect(frozen.get('z')).toBe(1)
  })

  it('ends a walk on what it began with', () => {
    const walk = abc[Symbol.iterator]()
    walk.next()
    editMap(abc, edits({ b: undefined, c: undefined }))
    expect([...walk].map(([key]) => key)).toEqual(['b', 'c'])
  })

  it('keeps every version as it was, in whatever order they are read and branched', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', '__proto__')
    const change = fc.tuple(key, fc.option(fc.nat(9), { nil: undefined }))
    const action = fc.record({ from: fc.nat(), edits: fc.array(change, { maxLength: 4 }), read: fc.nat() })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const versions: { map: Numbers; model: Numbers }[] = [{ map: new Map(), model: new Map() }]
        const at = (i: number): { map: Numbers; model: Numbers } => versions[i % versions.length] ?? fail()
        for (const { from, edits: changes, read } of actions) {
          const { map, model } = at(from)
          const next = new Map(model)
          for (const [name, value] of changes)
            if (value === undefined) next.delete(name)
            else next.set(name, value)
          versions.push({ map: editMap(map, new Map(changes)), model: next })
          const older = at(read)
          expect(sorted(older.map)).toEqual(sorted(older.model))
        }
        for (const { map, model } of versions) {
          expect(map.size).toBe(model.size)
          expect(sorted(map)).toEqual(sorted(model))
          for (const name of ['a', '__proto__']) {
            expect(map.get(name)).toBe(model.get(name))
            expect(map.has(name)).toBe(model.has(name))
          }
        }
      }),
    )
  })
})

const sorted = (map: Numbers): readonly (readonly [string, number])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))

const fail = (): never => {
  throw new Error('no version')
}
