import { inspect } from 'node:util'

/** What stands for a credential in tests. */
export const SECRET = 'S3CRETS3CRET'
/** As it is, and as the sub-protocol carries it. */
const forms = [SECRET, btoa(SECRET).replace(/=+$/, '')]

/** Every text that one may get out of a value: printed, as JSON, the stack, and so on down the causes. */
const textOf = (value: unknown): string => {
  const error = value instanceof Error ? [value.message, value.stack, textOf(value.cause)] : []
  return [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: Infinity, showHidden: true, maxArrayLength: null, maxStringLength: null }),
    ...error,
  ].join('\n')
}

export const expectNoSecret = (value: unknown): void => {
  const text = textOf(value)
  for (const form of forms) expect(text).not.toContain(form)
}
