import fc from 'fast-check'
import { isRight } from 'fp-ts/Either'
import { applyPatch } from '../../lib/live-state/json-patch.ts'
import { setOwn } from '../../lib/live-state/json-value.ts'
import { frozen } from '../presence/support.ts'

/*
 * Keys that a user chose are data, whatever they are called. fast-json-patch refuses some of them, so the reference
 * here is a small model, in which an object of JSON is a Map.
 */
type Model = Map<string, Model> | Model[] | string | number | boolean | null

interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

const modelOf = (json: unknown): Model => {
  if (Array.isArray(json)) return json.map(modelOf)
  if (typeof json !== 'object' || json === null) return json as Model
  return new Map(Object.entries(json).map(([key, value]) => [key, modelOf(value)]))
}

const copied = (model: Model): Model => {
  if (Array.isArray(model)) return model.map(copied)
  return model instanceof Map ? new Map([...model].map(([key, value]) => [key, copied(value)])) : model
}

const partsOf = (path = ''): readonly string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

const at = (node: Model | undefined, part: string): Model | undefined =>
  node instanceof Map
    ? node.get(part)
    : Array.isArray(node) && /^(0|[1-9]\d*)$/.test(part)
      ? node[Number(part)]
      : undefined

/** What the operations make of a document, or undefined if one of them does not apply. */
const reference = (json: unknown, operations: readonly Operation[]): Model | undefined => {
  const document = new Map([['root', modelOf(json)]])
  const get = (path: readonly string[]): Model | undefined =>
    ['root', ...path].reduce<Model | undefined>(at, document)
  const parent = (path: readonly string[]): Model | undefined =>
    path.length === 0 ? document : get(path.slice(0, -1))
  const add = (path: readonly string[], value: Model): boolean => {
    const [node, part] = [parent(path), path.at(-1) ?? 'root']
    if (node instanceof Map) node.set(part, value)
    else if (!Array.isArray(node)) return false
    else if (part === '-') node.push(value)
    else if (!/^(0|[1-9]\d*)$/.test(part) || Number(part) > node.length) return false
    else node.splice(Number(part), 0, value)
    return true
  }
  const remove = (path: readonly string[]): boolean => {
    const [node, part] = [parent(path), path.at(-1) ?? 'root']
    if (get(path) === undefined) return false
    if (path.length === 0) document.set('root', null)
    else if (node instanceof Map) node.delete(part)
    else if (Array.isArray(node)) node.splice(Number(part), 1)
    return true
  }
  const set = (path: readonly string[], value: Model): boolean => {
    const [node, part] = [parent(path), path.at(-1) ?? 'root']
    if (get(path) === undefined) return false
    if (node instanceof Map) node.set(part, value)
    else if (Array.isArray(node)) node[Number(part)] = value
    return true
  }
  const apply = ({ op, path, from, value }: Operation): boolean => {
    const [to, source] = [partsOf(path), partsOf(from)]
    const taken = get(source)
    if (op === 'add') return add(to, modelOf(value))
    if (op === 'replace') return set(to, modelOf(value))
    if (op === 'remove') return remove(to)
    if (taken === undefined) return false
    if (op === 'copy') return add(to, copied(taken))
    const intoItself = to.length > source.length && source.every((part, i) => part === to[i])
    return !intoItself && remove(source) && add(to, taken)
  }
  return operations.every(apply) ? get([]) : undefined
}

const key = fc.constantFrom('__proto__', 'constructor', 'prototype', '', 'toString', '0', 'm~/n')
const { json, object } = fc.letrec<{ json: unknown; object: object }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, 0, 1, 'x'),
    tie('object'),
    fc.array(tie('json'), { maxLength: 3 }),
  ),
  object: fc
    .uniqueArray(fc.tuple(key, tie('json')), { maxLength: 5, selector: ([name]) => name })
    .map((entries): object => Object.fromEntries(entries)),
}))
const pointer = fc
  .array(key, { maxLength: 2 })
  .map((parts) => parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''))
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constantFrom('add', 'add', 'replace'), path: pointer, value: json }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('remove'), path: pointer }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('move', 'copy'), path: pointer, from: pointer }) },
)

/** Whatever an object of this realm has inherited so far. */
const inherited = (): readonly (string | symbol)[] => Reflect.ownKeys(Object.prototype)

describe('applyPatch with keys that a user chose', () => {
  it('does what the model of RFC 6902 does, operation by operation', () => {
    const before = inherited()
    let applied = 0
    fc.assert(
      fc.property(object, fc.array(operation, { maxLength: 4 }), (document, operations) => {
        const expected = reference(document, operations)
        const result = applyPatch(frozen(document), frozen(operations))
        expect(isRight(result) ? modelOf(result.right) : undefined).toEqual(expected)
        if (expected !== undefined) applied += operations.length
      }),
      { numRuns: 3_000 },
    )
    expect(applied).toBeGreaterThan(300)
    expect(inherited()).toEqual(before)
  })

  it.each(['__proto__', 'constructor', 'prototype', ''])(
    'makes %j an own property, and takes it out',
    (name) => {
      const added = applyPatch({ a: 1 }, [{ op: 'add', path: `/${name}`, value: { polluted: true } }])
      const state = isRight(added) ? (added.right as object) : {}
      expect(Object.entries(state)).toEqual([
        ['a', 1],
        [name, { polluted: true }],
      ])
      expect(Object.getPrototypeOf(state)).toBe(Object.prototype)
      expect('polluted' in state).toBe(false)
      expect('polluted' in {}).toBe(false)

      const deeper = applyPatch(state, [{ op: 'replace', path: `/${name}/polluted`, value: 2 }])
      expect(modelOf(isRight(deeper) && deeper.right)).toEqual(
        modelOf(
          Object.fromEntries([
            ['a', 1],
            [name, { polluted: 2 }],
          ]),
        ),
      )
      const removed = applyPatch(state, [{ op: 'remove', path: `/${name}` }])
      expect(isRight(removed) && Object.keys(removed.right as object)).toEqual(['a'])
    },
  )

  it.each(['/__proto__/polluted', '/constructor/prototype/polluted', '/a/__proto__/polluted'])(
    'finds nothing at %s, which objects only inherit',
    (path) => {
      expect(applyPatch({ a: {} }, [{ op: 'add', path, value: 1 }])).toMatchObject({
        left: { reason: 'nothing there' },
      })
      expect('polluted' in {}).toBe(false)
    },
  )

  it('sets what an object inherits from a frozen prototype', () => {
    const state = Object.create(Object.freeze({ constructor: 1 })) as object
    setOwn(state, 'constructor', 2)
    expect(Object.entries(state)).toEqual([['constructor', 2]])
  })
})
