import fc from 'fast-check'
import { type Message } from '../../lib/protocol/message.ts'

/** Any text that UTF-8 can carry, the byte order mark and the replacement character among it. */
const text = (maxLength = 40): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength }),
    fc.string({ unit: fc.constantFrom('\ufeff', '\ufffd', '\0', '"', '\\', 'a', 'ü', '😀'), maxLength }),
  )

const ref: fc.Arbitrary<string | null> = fc.option(text(), { nil: null })

/** A payload that survives JSON as it is: JSON knows no -0. */
const jsonPayload: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)

export const jsonMessage: fc.Arbitrary<Message> = fc.record({
  joinRef: ref,
  ref,
  topic: text(),
  event: text(),
  payload: jsonPayload,
})

/** A name of at most 255 bytes, and often of exactly so many. */
export const part: fc.Arbitrary<string> = fc.oneof(
  text(60),
  fc.constantFrom('a'.repeat(255), 'ü'.repeat(127), `${'😀'.repeat(63)}abc`, `\ufeff${'x'.repeat(252)}`),
)

/** A name of more than 255 bytes, be it of few characters. */
export const longPart: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('a'.repeat(256), 'ü'.repeat(128), '😀'.repeat(64), 'x'.repeat(70_000)),
  fc.string({ minLength: 256, maxLength: 400, unit: 'binary' }),
)

export const data: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc
  .uint8Array({ maxLength: 400 })
  .map((bytes) => new Uint8Array(bytes))
