/** Prints one value as one line of JSON. */
export type Print = (value: unknown) => void

/** Data goes to standard output, one line of JSON each, and nothing else does. */
export const printOn =
  (output: { write(text: string): unknown }): Print =>
  (value) => {
    output.write(`${JSON.stringify(value)}\n`)
  }

/** A payload under this name; JSON has no bytes, so those come as `base64` instead. */
export const named = (name: string, payload: unknown): Readonly<Record<string, unknown>> =>
  payload instanceof ArrayBuffer ? { base64: base64(payload) } : { [name]: payload }

/** A payload as it is, or `{ base64 }`. */
export const withBytes = (payload: unknown): unknown =>
  payload instanceof ArrayBuffer ? { base64: base64(payload) } : payload

const base64 = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64')
