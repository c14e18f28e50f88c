import { type Frame } from '../../protocol/message.ts'

/** A frame as it stands in the body of a POST. */
export interface Line {
  readonly text: string
  /** `array` and `bytes` can share a body, one a line; any other text, as of version 1.0.0, travels alone. */
  readonly kind: 'array' | 'bytes' | 'alone'
}

/** The body of one POST, and how many lines went into it. */
export interface Body {
  readonly text: string
  readonly contentType: string
  readonly lines: number
}

/** Characters of a body: with three bytes each it is still below the 8 MB that a Phoenix server reads. */
const MAX_CHARACTERS = 2_000_000
/** A multiple of three, so that the pieces put together are the base64 of the whole. */
const BASE64_PIECE = 3 * 8192

/** In a body of several lines the server takes one that does not begin with `[` for bytes in base64. */
export const toLine = (frame: Frame): Line =>
  typeof frame === 'string'
    ? { text: frame, kind: frame.startsWith('[') && !frame.includes('\n') ? 'array' : 'alone' }
    : { text: base64(frame), kind: 'bytes' }

/** Character by character: all as arguments of one call would be too many. */
const base64 = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += BASE64_PIECE)
    text += btoa(
      Array.from(bytes.subarray(i, i + BASE64_PIECE), (byte) => String.fromCharCode(byte)).join(''),
    )
  return text
}

/** The first lines of a queue that is not empty as one body: at least one, at most `maxLines`. */
export const nextBody = (queue: readonly Line[], maxLines: number): Body => {
  const texts: string[] = []
  let characters = 0
  let plain = true
  for (const { text, kind } of queue) {
    characters += text.length
    if (texts.length > 0 && (kind === 'alone' || characters > MAX_CHARACTERS)) break
    texts.push(text)
    plain &&= kind !== 'bytes' && texts.length === 1
    if (kind === 'alone' || texts.length === maxLines) break
  }
  return {
    text: texts.join('\n'),
    // One text alone has the type that servers of any age know.
    contentType: plain ? 'application/json' : 'application/x-ndjson',
    lines: texts.length,
  }
}
