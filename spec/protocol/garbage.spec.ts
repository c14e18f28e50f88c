import fc from 'fast-check'
import { type Either, isRight } from 'fp-ts/Either'
import { decodeClientPush, decodeServerFrame } from '../../lib/protocol/binary-v2.ts'
import { decodeObject, serializerV1 } from '../../lib/protocol/json-v1.ts'
import { decodeText, serializerV2 } from '../../lib/protocol/json-v2.ts'
import { type Frame, type Message } from '../../lib/protocol/message.ts'
import { framesOf, recordings } from '../support/recordings.ts'

const frames = recordings()
  .flatMap(framesOf)
  .map(({ frame }) => frame)
const texts = frames.filter((frame) => typeof frame === 'string')
const binaries = frames.filter((frame) => typeof frame !== 'string')

const decoders: readonly ((frame: Frame) => Either<{ readonly _tag: string }, Message>)[] = [
  (frame) => serializerV2.decode(frame),
  (frame) => serializerV1.decode(frame),
  (frame) => (typeof frame === 'string' ? decodeText(frame) : decodeClientPush(frame)),
  (frame) => (typeof frame === 'string' ? decodeObject(frame) : decodeServerFrame(frame)),
]

const isRef = (value: unknown): boolean => value === null || typeof value === 'string'

/** True if what comes out is a Left with a tag, or a message of the promised form. */
const isSound = (result: Either<{ readonly _tag: string }, Message>): boolean =>
  isRight(result)
    ? isRef(result.right.joinRef) &&
      isRef(result.right.ref) &&
      typeof result.right.topic === 'string' &&
      typeof result.right.event === 'string' &&
      result.right.payload !== undefined
    : ['NotJson', 'NotAMessage', 'UnknownKind', 'Truncated'].includes(result.left._tag)

/** Decodes a frame in every way; the ways that gave something else than a sound result. */
const unsound = (frame: Frame): readonly number[] =>
  decoders.flatMap((decode, i) => (isSound(decode(frame)) ? [] : [i]))

/** The smallest frame of this kind that is not decoded soundly, be it that decoding throws; null if there is none. */
const firstUnsound = (arbitrary: fc.Arbitrary<Frame>, numRuns: number): unknown =>
  fc.check(
    fc.property(arbitrary, (frame) => unsound(frame).length === 0),
    { numRuns },
  ).counterexample

/** A place in a frame of this length, and what to do there. */
const edits = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(3), put: fc.nat(255) }),
  { minLength: 1, maxLength: 4 },
)

const json = fc.constantFrom(
  '"',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '\\',
  'null',
  '1e999',
  '\0',
  '\ud800',
  '__proto__',
)

describe('decoding never throws, and gives a message or a Left,', () => {
  it('for recorded text frames with characters put in, taken out and replaced', () => {
    const mutated = fc.tuple(fc.constantFrom(...texts), edits, json).map(([text, list, put]) =>
      list.reduce((frame, { at, drop }) => {
        const i = Math.floor(at * frame.length)
        return frame.slice(0, i) + put + frame.slice(i + drop)
      }, text),
    )
    expect(firstUnsound(mutated, 6000)).toBeNull()
  })

  it('for recorded binary frames with bytes put in, taken out and replaced', () => {
    const mutated = fc.tuple(fc.constantFrom(...binaries), edits).map(([bytes, list]) =>
      list.reduce((frame, { at, drop, put }) => {
        const i = Math.floor(at * frame.length)
        return new Uint8Array([...frame.slice(0, i), put, ...frame.slice(i + drop)])
      }, bytes),
    )
    expect(firstUnsound(mutated, 4000)).toBeNull()
  })

  it('for recorded frames cut short at every place', () => {
    const shortest = [...new Map(frames.map((frame) => [frame.length, frame])).values()]
    for (const frame of shortest)
      for (let end = 0; end < Math.min(frame.length, 300); end++)
        if (unsound(frame.slice(0, end)).length > 0) throw new Error(`unsound at ${end}`)
    expect(shortest.length).toBeGreaterThan(100)
  })

  it('for any bytes, with a kind in front or not', () => {
    const bytes = fc.uint8Array({ maxLength: 64 })
    expect(firstUnsound(bytes, 3000)).toBeNull()
    expect(
      firstUnsound(
        fc.tuple(fc.nat(3), bytes).map(([kind, rest]) => new Uint8Array([kind, ...rest])),
        3000,
      ),
    ).toBeNull()
  })

  it('for any text, well-formed Unicode or not, and any JSON', () => {
    expect(firstUnsound(fc.string({ unit: 'binary', maxLength: 60 }), 3000)).toBeNull()
    expect(
      firstUnsound(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), 1000),
    ).toBeNull()
    expect(firstUnsound(fc.json({ stringUnit: 'binary' }), 3000)).toBeNull()
  })

  it('for lists of five and objects with the right keys and any values', () => {
    const value = fc.oneof(fc.constantFrom(null, '1', 'room:a'), fc.jsonValue({ maxDepth: 2 }))
    const five = fc.array(value, { minLength: 4, maxLength: 6 })
    const object = fc.record(
      { topic: value, event: value, payload: value, ref: value, join_ref: value },
      { requiredKeys: [] },
    )
    expect(
      firstUnsound(
        fc.oneof(five, object).map((found) => JSON.stringify(found)),
        4000,
      ),
    ).toBeNull()
  })

  it.each([
    ['lists', '['.repeat(200_000), ']'.repeat(200_000)],
    ['objects', '{"a":'.repeat(200_000), `1${'}'.repeat(200_000)}`],
  ])('for %s nested 200,000 deep, closed or not', (_what, open, close) => {
    for (const nested of [open, open + close, `[null,null,"t","e",${open}${close}]`])
      expect(unsound(nested)).toEqual([])
  })

  it('and keys such as __proto__ pollute nothing', () => {
    const evil = '{"__proto__":{"polluted":1,"status":"ok"},"constructor":{"prototype":{"polluted":1}}}'
    for (const frame of [
      `["1","1","__proto__","__proto__",${evil}]`,
      `{"topic":"__proto__","event":"constructor","payload":${evil},"ref":"__proto__","__proto__":${evil}}`,
    ])
      expect(unsound(frame)).toEqual([])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
