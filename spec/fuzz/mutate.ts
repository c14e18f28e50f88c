import { type Random } from './random.ts'

/** What parsers trip over: structure, escapes, numbers at the edge, broken Unicode, names with a meaning. */
const HOSTILE: readonly string[] = [
  '"',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '\\',
  '\\u0000',
  '\\ud800',
  '\ud800',
  '\udc00',
  '\u2028',
  '\ufeff',
  '\0',
  '\n',
  ' ',
  '1e999',
  '-0',
  '00',
  '9007199254740993',
  'null',
  'true',
  'NaN',
  '"__proto__"',
  '"constructor"',
  '"toJSON"',
  '"phx_reply"',
  '"phx_close"',
  '[[[[[[[[',
  '/',
  '~1',
  '-',
]

/** A text with a few changes: pieces taken out, doubled, moved, or replaced by hostile ones and ones of another text. */
export const mutateText = (random: Random, text: string, other: string): string => {
  let mutated = text
  for (let edits = 1 + random.below(3); edits > 0; edits--) {
    const at = random.below(mutated.length + 1)
    const length = random.below(8)
    const [head, piece, tail] = [
      mutated.slice(0, at),
      mutated.slice(at, at + length),
      mutated.slice(at + length),
    ]
    switch (random.below(6)) {
      case 0:
        mutated = head + tail
        break
      case 1:
        mutated = head + piece + piece + tail
        break
      case 2:
        mutated = head + random.of(HOSTILE) + tail
        break
      case 3:
        mutated = head + random.of(HOSTILE) + piece + tail
        break
      case 4:
        mutated = head
        break
      default: {
        const from = random.below(other.length + 1)
        mutated = head + other.slice(from, from + random.below(40)) + tail
      }
    }
  }
  return mutated
}

/** Bytes with a few changes, likely in the header, where lengths are. */
export const mutateBytes = (random: Random, bytes: Uint8Array): Uint8Array => {
  const changed = bytes.slice(0, random.below(4) === 0 ? random.below(bytes.length + 1) : bytes.length)
  for (let edits = random.below(4); edits > 0; edits--)
    changed[random.below(Math.min(changed.length, random.below(2) === 0 ? 6 : 1_000) || 1)] =
      random.below(256)
  return changed
}

/** A JSON value of any shape, out of a few names and values that matter. */
export const anyJson = (random: Random, names: readonly string[], depth = 3): unknown => {
  switch (random.below(depth > 0 ? 9 : 7)) {
    case 0:
      return null
    case 1:
      return random.below(4) - 1
    case 2:
      return random.of([1e308, -0, 0.1, 2 ** 53, true, false])
    case 3:
    case 4:
      return random.of(names)
    case 5:
      return ''
    case 6:
      return random.of(HOSTILE)
    case 7:
      return Array.from({ length: random.below(4) }, () => anyJson(random, names, depth - 1))
    default: {
      const object: Record<string, unknown> = {}
      for (let i = random.below(4); i > 0; i--)
        // As JSON.parse does it: an own property, also with the name `__proto__`.
        Object.defineProperty(object, random.of(names), {
          value: anyJson(random, names, depth - 1),
          enumerable: true,
          configurable: true,
          writable: true,
        })
      return object
    }
  }
}

/** Freezes a value and all that is in it, so that who changes it throws. */
export const frozen = <A>(value: A): A => {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen)
    Object.freeze(value)
  }
  return value
}
