/** Prints one value as one line of JSON. */
export type Print = (value: unknown) => void

/** Control characters that JSON leaves as they are, and a terminal may act on. */
const UNESCAPED = /[\u007f-\u009f\p{Bidi_Control}]/gu

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Data goes to standard output, one line of JSON each, and nothing else does. Nothing, as in a reply without a response, is null. */
export const printOn =
  (output: { write(text: string): unknown }): Print =>
  (value) => {
    output.write(`${JSON.stringify(value ?? null).replace(UNESCAPED, escaped)}\n`)
  }

/** A payload under this name; JSON has no bytes, so those come as `base64` instead. */
export const named = (name: string, payload: unknown): Readonly<Record<string, unknown>> =>
  payload instanceof ArrayBuffer ? { base64: base64(payload) } : { [name]: payload }

/** A payload unchanged, or `{ base64 }`. */
export const withBytes = (payload: unknown): unknown =>
  payload instanceof ArrayBuffer ? { base64: base64(payload) } : payload

const base64 = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64')
