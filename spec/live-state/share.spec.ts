import fc from 'fast-check'
import { share } from '../../lib/live-state/share.ts'
import { frozen } from '../presence/support.ts'

interface State {
  readonly todos: readonly { readonly id: number; readonly tags?: readonly string[] }[]
  readonly user: { readonly name: string } | null
}

const before: State = frozen({ todos: [{ id: 1, tags: ['a'] }, { id: 2 }], user: { name: 'Ann' } })

const parsed = <A>(value: A): A => frozen(JSON.parse(JSON.stringify(value)) as A)

describe('share', () => {
  it('gives the old value if the new one is equal, whatever the order of its keys', () => {
    expect(share(before, parsed(before))).toBe(before)
    expect(share(before, frozen({ user: { name: 'Ann' }, todos: parsed(before.todos) }))).toBe(before)
  })

  it('keeps the equal parts of a value that differs, and does not change either', () => {
    const after = share(before, parsed({ ...before, todos: [{ id: 1, tags: ['a'] }, { id: 3 }, { id: 4 }] }))
    expect(after).toEqual({ todos: [{ id: 1, tags: ['a'] }, { id: 3 }, { id: 4 }], user: { name: 'Ann' } })
    expect(after.user).toBe(before.user)
    expect(after.todos).not.toBe(before.todos)
    expect(after.todos[0]).toBe(before.todos[0])
  })

  it.each<[string, unknown, unknown]>([
    ['a key less', { a: 1, b: 2 }, { a: 1 }],
    ['a key more', { a: 1 }, { a: 1, b: 2 }],
    ['another key', { a: 1 }, { b: 1 }],
    ['an inherited key', {}, { toString: 1 }],
    ['a list for an object', { 0: 'a' }, ['a']],
    ['an object for null', null, {}],
    ['null for an object', {}, null],
    ['a shorter list', [1, 2], [1]],
    ['__proto__ as a key', { a: {} }, JSON.parse('{"a":{},"__proto__":{}}')],
  ])('takes the new value for %s', (_case, old, next) => {
    const result = share(frozen(old), frozen(next))
    expect(result).not.toBe(old)
    expect(JSON.stringify(result)).toBe(JSON.stringify(next))
  })

  it('keeps what is below a key called __proto__', () => {
    const [old, next] = ['1', '2'].map((n) => JSON.parse(`{"__proto__":{"x":[]},"n":${n}}`) as object)
    const result = share(old, next) ?? {}
    expect(JSON.stringify(result)).toBe('{"__proto__":{"x":[]},"n":2}')
    expect(Object.entries(result)[0]?.[1]).toBe(Object.entries(old ?? {})[0]?.[1])
  })

  it('leaves objects of a class alone, as a decoder may make them', () => {
    const [old, next] = [{ at: new Date(1) }, { at: new Date(1) }]
    expect(share(old, next).at).toBe(next.at)
  })

  it('gives the new value if it is nested too deep to be compared', () => {
    const deep = (): unknown => {
      let value: unknown = {}
      for (let i = 0; i < 50_000; i++) value = [value]
      return value
    }
    const next = deep()
    expect(share(deep(), next)).toBe(next)
  })

  it('equals the new value, always', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (old, next) => {
        const text = JSON.stringify(next)
        const result = share(frozen(old), frozen(next))
        expect(result).toEqual(next)
        expect(JSON.stringify(next)).toBe(text)
      }),
    )
  })
})
