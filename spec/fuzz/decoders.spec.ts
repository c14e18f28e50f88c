import { isDeepStrictEqual } from 'node:util'
import { type Either, isLeft } from 'fp-ts/Either'
import { DecodeFailed } from '../../lib/protocol/decode-failed.ts'
import { serializerV1 } from '../../lib/protocol/json-v1.ts'
import { lazySerializerV2, serializerV2 } from '../../lib/protocol/json-v2.ts'
import { type Frame, type Message } from '../../lib/protocol/message.ts'
import { redact } from '../../lib/protocol/redact.ts'
import { serverSerializerV1, serverSerializerV2 } from '../../lib/server/server-serializer.ts'
import { type WireMessage } from '../../lib/server/wire-message.ts'
import { framesOf, recordings } from '../support/recordings.ts'
import { mutateBytes, mutateText } from './mutate.ts'
import { inputs, Random, SEED, withoutStacks } from './random.ts'

const frames = recordings()
  .flatMap(framesOf)
  .map(({ frame }) => frame)
const texts = frames.filter((frame) => typeof frame === 'string').filter(({ length }) => length < 2_000)
const binaries = frames.filter((frame) => typeof frame !== 'string')

type Decoded = Either<{ readonly _tag: string }, Message>

const isRef = (value: unknown): boolean => value === null || typeof value === 'string'

const unknownError = ({ _tag }: { readonly _tag: string }): string | undefined =>
  /^(NotJson|NotAMessage|UnknownKind|Truncated)$/.test(_tag) ? undefined : 'no such error'

/** What is wrong with the outcome of a decoder; undefined if nothing is. */
const flaw = (frame: Frame, decoded: Decoded): string | undefined => {
  if (isLeft(decoded)) return unknownError(decoded.left)
  const { joinRef, ref, topic, event, payload } = decoded.right
  if (!isRef(joinRef) || !isRef(ref) || typeof topic !== 'string' || typeof event !== 'string')
    return 'no message'
  if (payload === undefined) return 'no payload'
  // Bytes are copied out, once: a message holds no more than its frame did.
  if (typeof frame !== 'string' && (payload as ArrayBuffer).byteLength >= frame.byteLength) return 'grown'
  return undefined
}

/** Where reading a payload late differs from `JSON.parse` at once; undefined if nowhere. */
const lazyFlaw = (frame: Frame, eager: Decoded): string | undefined => {
  const lazy = lazySerializerV2.decode(frame)
  if (isLeft(lazy)) return isLeft(eager) ? undefined : 'turned down a message'
  let payload: unknown
  try {
    payload = lazy.right.payload
  } catch (error) {
    if (isLeft(eager) && error instanceof DecodeFailed && error.frame.length <= 200) return undefined
    return 'a payload that cannot be read'
  }
  if (isLeft(eager)) return 'took what is no message'
  const { joinRef, ref, topic, event } = lazy.right
  if (!isDeepStrictEqual({ joinRef, ref, topic, event, payload }, { ...eager.right }))
    return 'another message'
  return lazy.right.payload === payload ? undefined : 'a payload that is read anew'
}

/** The server takes names and refs of any JSON; only an event that is not UTF-8 is undefined. */
const serverFlaw = (decoded: Either<{ readonly _tag: string }, WireMessage>): string | undefined => {
  if (isLeft(decoded)) return unknownError(decoded.left)
  const { joinRef, ref, topic, payload } = decoded.right
  return [joinRef, ref, topic, payload].includes(undefined) ? 'no message for the server' : undefined
}

/** Decodes a frame in every way, and gives what is wrong. */
const flaws = (frame: Frame): string | undefined => {
  const eager = serializerV2.decode(frame)
  const found =
    flaw(frame, eager) ??
    lazyFlaw(frame, eager) ??
    flaw(frame, serializerV1.decode(frame)) ??
    serverFlaw(serverSerializerV1.decode(frame)) ??
    serverFlaw(serverSerializerV2.decode(frame))
  return found === undefined ? undefined : `${found}: ${JSON.stringify(frame)}`
}

/** The first input that something is wrong with, be it that a decoder throws. */
const firstFlaw = (count: number, next: (random: Random) => Frame): string | undefined => {
  const random = new Random(SEED)
  for (let i = inputs(count); i > 0; i--) {
    const frame = next(random)
    try {
      const found = flaws(frame)
      if (found !== undefined) return found
    } catch (error) {
      return `${String(error)}: ${JSON.stringify(frame)}`
    }
  }
  return undefined
}

describe(`decoders of both sides, fed with what was recorded and then damaged (FUZZ_SEED=${SEED})`, () => {
  let restore: () => void
  beforeAll(() => {
    restore = withoutStacks()
  })
  afterAll(() => {
    restore()
  })

  it('neither throw nor return an invalid message, and lazy reading equals eager reading: text frames', () => {
    expect(
      firstFlaw(350_000, (random) => mutateText(random, random.of(texts), random.of(texts))),
    ).toBeUndefined()
  }, 120_000)

  it('nor for binary frames', () => {
    expect(firstFlaw(300_000, (random) => mutateBytes(random, random.of(binaries)))).toBeUndefined()
  }, 120_000)

  it('nor for the headers that reading late looks at, of every form', () => {
    const fields = [
      'null',
      '"1"',
      '""',
      '"a\\"b"',
      '"a\\u0041"',
      '"é\ud800"',
      '"a\nb"',
      '1',
      ' null',
      '"a" ',
      '[1]',
      '"a,b"',
      'nul',
    ]
    const payloads = [
      '{}',
      '[]',
      '1',
      '1,2',
      '',
      ']',
      '"x"',
      '{"a":[1,{"b":"]"}]}',
      '[[',
      ' {} ',
      'null',
      '1e999',
    ]
    expect(
      firstFlaw(200_000, (random) => {
        const five = [fields, fields, fields, fields, payloads].map((list) => random.of(list))
        return (
          random.of(['[', '[ ', '']) +
          five.join(random.of([',', ',', ',', ', '])) +
          random.of([']', ']', '] ', '', ']]'])
        )
      }),
    ).toBeUndefined()
  }, 120_000)

  it('and show a short excerpt without backtracking', () => {
    const random = new Random(SEED)
    const wrong: string[] = []
    for (let i = inputs(100_000); i > 0; i--) {
      const text = mutateText(random, random.of(texts), '"token":"secret\\').slice(0, 400)
      const { frame } = new DecodeFailed({ frame: text, error: { _tag: 'NotJson', cause: undefined } })
      if (frame.length > 200 || redact(text).length > text.length * 4) wrong.push(text)
    }
    expect(wrong).toEqual([])
  }, 120_000)
})
