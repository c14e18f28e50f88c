import { valueAt } from '../value-at.ts'

/** Reads a line that is JSON. Throws `SyntaxError`. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Not the message of the engine, which quotes the line: it may contain a secret.
    throw new SyntaxError('the line is not JSON')
  }
}

/** Makes an object of a plain line, without the carriage return that lines from Windows end with. */
export const readText =
  (key: string) =>
  (text: string): unknown => ({ [key]: text.replace(/\r$/, '') })

/** A payload that takes a key. Throws `SyntaxError`. */
export const asObject = (payload: unknown): unknown => {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload
  throw new SyntaxError('the line is not a JSON object, to which --outbox could add a key')
}

/** Finds the key that a payload brings with it: a text or a number, by a key or a JSON Pointer. */
export const keyIn = (where = 'idempotency_key'): ((payload: unknown) => string | undefined) => {
  const find = valueAt(where)
  return (payload) => {
    const key = find(payload)
    return typeof key === 'number' || (typeof key === 'string' && key !== '') ? `${key}` : undefined
  }
}
