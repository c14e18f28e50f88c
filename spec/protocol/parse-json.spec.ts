import { left, right } from 'fp-ts/Either'
import { bytesOf } from '../../lib/protocol/bytes.ts'
import { parseJson, printJson } from '../../lib/protocol/parse-json.ts'
import { notAMessage } from '../../lib/protocol/serializer.ts'

const print = (payload: unknown): unknown => printJson([payload], payload)

class Point {
  readonly x = 1
  #hidden = 2
  hidden(): number {
    return this.#hidden
  }
}

describe('printJson', () => {
  it.each([
    ['an object', { a: [1, 'x', null] }, '[{"a":[1,"x",null]}]'],
    ['an object without prototype', Object.assign(Object.create(null) as object, { a: 1 }), '[{"a":1}]'],
    ['an empty object', {}, '[{}]'],
    ['a list', [], '[[]]'],
    ['null', null, '[null]'],
    ['a text', 'x', '["x"]'],
    ['a number', 0.5, '[0.5]'],
    ['a boolean', false, '[false]'],
    ['a date, in its own JSON form', new Date(0), '["1970-01-01T00:00:00.000Z"]'],
    ['a URL, in its own JSON form', new URL('ws://h/'), '["ws://h/"]'],
    ['an instance of a class, by its fields', new Point(), '[{"x":1}]'],
    ['an error that has fields', Object.assign(new Error('x'), { code: 1 }), '[{"code":1}]'],
  ])('prints %s', (_what, payload, text) => {
    expect(print(payload)).toEqual(right(text))
  })

  it.each([
    ['undefined', undefined, 'Undefined'],
    ['a function', () => 1, 'Function'],
    ['an async function', async () => Promise.resolve(), 'AsyncFunction'],
    ['a symbol', Symbol('s'), 'Symbol'],
    ['a Map', new Map([['a', 1]]), 'Map'],
    ['a Set', new Set([1]), 'Set'],
    ['a WeakMap', new WeakMap(), 'WeakMap'],
    ['a Promise', Promise.resolve(1), 'Promise'],
    ['an Error', new Error('x'), 'Error'],
    ['a RegExp', /x/, 'RegExp'],
    ['a Blob', new Blob(['x']), 'Blob'],
    ['a SharedArrayBuffer', new SharedArrayBuffer(1), 'SharedArrayBuffer'],
  ])('rejects %s, of which JSON would keep nothing', (_what, payload, name) => {
    expect(print(payload)).toEqual(
      left({
        _tag: 'NotSerializable',
        reason: `a payload of type ${name} has no JSON form; pass plain data, such as Object.fromEntries(map) or [...set]`,
      }),
    )
  })

  it.each([NaN, Infinity, -Infinity])('rejects %d, which JSON would turn into null', (payload) => {
    expect(print(payload)).toEqual(left({ _tag: 'NotSerializable', reason: `${payload} has no JSON form` }))
  })

  it('rejects a BigInt and a cycle, at the top or within, with the cause', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = { cycle }
    for (const payload of [1n, { a: [1n] }, cycle])
      expect(print(payload)).toEqual(
        left({
          _tag: 'NotSerializable',
          reason: expect.stringMatching(/BigInt|circular/) as unknown,
          cause: expect.any(TypeError) as unknown,
        }),
      )
  })

  it('rejects a payload whose own code throws, whatever it throws', () => {
    const throwing = (cause: unknown): object => ({
      toJSON: () => {
        throw cause
      },
    })
    expect(print(throwing(new Error('not today')))).toMatchObject(left({ reason: 'not today' }))
    const odd: unknown = Object.create(null)
    expect(print(throwing(odd))).toEqual(left({ _tag: 'NotSerializable', reason: 'see cause', cause: odd }))
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(print(proxy)).toMatchObject(left({ _tag: 'NotSerializable' }))
  })

  it('rejects what is nested too deep to be written', () => {
    let deep: unknown = 0
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(print(deep)).toMatchObject(left({ _tag: 'NotSerializable' }))
  })
})

describe('parseJson', () => {
  it('gives the value, or NotJson with a cause', () => {
    expect(parseJson('{"a":[1]}')).toEqual(right({ a: [1] }))
    expect(parseJson('{')).toEqual(left({ _tag: 'NotJson', cause: expect.any(SyntaxError) as unknown }))
  })

  it('does not quote the text in its cause, since a secret may stand in it', () => {
    for (const text of ['{"token":sesame}', '["sesame",]', '{"token":"sesame"},]', '[{"token":"sesame"},]'])
      expect(String((parseJson(text) as { left?: { cause?: unknown } }).left?.cause)).not.toContain('sesame')
  })

  it('keeps a key __proto__ as a key and pollutes nothing', () => {
    const parsed = parseJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
    expect(JSON.stringify(parsed)).toContain('"__proto__":{"polluted":true}')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('notAMessage', () => {
  it('is a Left with the reason', () => {
    expect(notAMessage('so')).toEqual(left({ _tag: 'NotAMessage', reason: 'so' }))
  })
})

describe('bytesOf', () => {
  it('gives the bytes of buffers and views without copying them', () => {
    const buffer = new Uint8Array([1, 2, 3, 4]).buffer
    const views = [buffer, new Uint8Array(buffer), new DataView(buffer), new Float32Array(buffer)]
    for (const view of views) expect(bytesOf(view)?.buffer).toBe(buffer)
    expect(bytesOf(new DataView(buffer, 1, 2))).toEqual(new Uint8Array([2, 3]))
    expect(bytesOf(new Uint16Array(buffer, 2))).toEqual(new Uint8Array([3, 4]))
  })

  it.each([
    undefined,
    null,
    1,
    'x',
    [],
    [1],
    {},
    { byteLength: 1 },
    new Blob(['x']),
    new SharedArrayBuffer(1),
  ])('is undefined for %p, which is not binary', (value) => {
    expect(bytesOf(value)).toBeUndefined()
  })

  it('is undefined for a buffer that was given away, which then has no JSON form either', () => {
    const buffer = new ArrayBuffer(4)
    const view = new DataView(buffer)
    structuredClone(buffer, { transfer: [buffer] })
    for (const gone of [buffer, view]) {
      expect(bytesOf(gone)).toBeUndefined()
      expect(print(gone)).toMatchObject(left({ _tag: 'NotSerializable' }))
    }
  })
})
