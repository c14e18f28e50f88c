import fc from 'fast-check'
import { encodeClientPush } from '../../lib/protocol/binary-v2.ts'
import { lostInJson } from '../../lib/protocol/lost-in-json.ts'
import { serializerV1, serializerV2 } from '../../lib/index.ts'

class Celsius {
  readonly #degrees = 21
  get degrees(): number {
    return this.#degrees
  }
}
class Point {
  readonly x = 1
}
class Money {
  readonly #cents = 150
  toJSON(): string {
    return `${this.#cents / 100}`
  }
}
class HttpFailure extends Error {
  readonly status = 500
}

describe('lostInJson', () => {
  it.each<[string, unknown, string]>([
    ['a Map', new Map([['a', 1]]), 'Map'],
    ['a Set', new Set([1]), 'Set'],
    ['a Blob', new Blob(['x']), 'Blob'],
    ['a File', new File(['x'], 'x.txt'), 'File'],
    ['an ArrayBuffer', new ArrayBuffer(1), 'ArrayBuffer'],
    ['a Uint8Array', new Uint8Array([1, 2]), 'Uint8Array'],
    ['an empty Float64Array', new Float64Array(), 'Float64Array'],
    ['a DataView', new DataView(new ArrayBuffer(1)), 'DataView'],
    ['an Error', new Error('x'), 'Error'],
    ['a Promise', Promise.resolve(1), 'Promise'],
    ['a RegExp', /x/, 'RegExp'],
    ['an object of a class with getters only', new Celsius(), 'Celsius'],
  ])('finds %s, wherever it is, and in both versions', (_case, value, type) => {
    expect(lostInJson(value)).toEqual({ path: '', type })
    expect(lostInJson({ ok: 1, user: { photos: [null, value] } })).toEqual({ path: '.user.photos[1]', type })
    for (const serializer of [serializerV1, serializerV2])
      expect(
        serializer.encode({ joinRef: '1', ref: '2', topic: 't', event: 'e', payload: { files: [value] } }),
      ).toMatchObject({
        _tag: 'Left',
        left: { reason: expect.stringContaining(`payload.files[0] is of type ${type}`) as string },
      })
  })

  it.each<[string, unknown]>([
    ['plain data', { a: [1, 'x', null, true, { b: [] }], c: {} }],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: {} })],
    ['a date', new Date(0)],
    ['an object of a class with a toJSON', new Money()],
    ['an object of a class with fields', new Point()],
    ['an Error with fields', new HttpFailure('x')],
    ['boxed primitives', [Object(1), Object(''), Object(false)]],
    ['a URL', new URL('http://localhost')],
    ['undefined and functions, which JSON leaves out', { a: undefined, b: () => 1 }],
    ['a key called __proto__', JSON.parse('{"__proto__":{"a":1}}')],
    ['a Proxy of plain data', new Proxy({ a: new Proxy([], {}) }, {})],
  ])('takes %s', (_case, value) => {
    expect(lostInJson(value)).toBeUndefined()
    expect(lostInJson({ a: [value] })).toBeUndefined()
  })

  it('takes whatever JSON has', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(lostInJson(value)).toBeUndefined()
      }),
    )
  })

  it('takes what is nested as deep as JSON.stringify takes it', () => {
    let deepest: unknown = {}
    let next: unknown = {}
    try {
      for (let depth = 0; depth < 20_000; depth += 1) {
        next = { next }
        if (depth % 500 === 0) JSON.stringify(next)
        deepest = next
      }
    } catch {
      // As deep as it goes.
    }
    expect(() => lostInJson((deepest as { next: unknown }).next)).not.toThrow()
  })

  it('leaves bytes alone that are the whole payload', () => {
    const payload = new Uint8Array([1])
    const message = { joinRef: '1', ref: '2', topic: 't', event: 'e', payload }
    expect(serializerV2.encode(message)).toEqual(encodeClientPush(message, payload))
  })
})
