import { UsageError } from './exit-code.ts'

export type Json = Readonly<Record<string, unknown>>

// The value is not repeated in an error, since it may contain a secret.

/** A JSON value. */
export const json =
  (flag: string) =>
  (text: string): unknown => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw new UsageError(`${flag} is not JSON; quote it for the shell, as in '{"body":"hello"}'.`)
    }
  }

/** A JSON object. */
export const jsonObject = (flag: string): ((text: string) => Json) => {
  const read = json(flag)
  return (text) => {
    const value = read(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
    throw new UsageError(`${flag} must be a JSON object, such as '{"user_id":7}'.`)
  }
}

/** A number within bounds. */
export const number =
  (flag: string, least: number, most?: number) =>
  (text: string): number => {
    const value = text.trim() === '' ? NaN : Number(text)
    if (value >= least && value <= (most ?? Infinity)) return value
    throw new UsageError(
      `${flag} is a number of at least ${least}${most === undefined ? '' : `, at most ${most}`}.`,
    )
  }

/** A whole number within bounds. */
export const whole = (flag: string, least: number, most?: number): ((text: string) => number) => {
  const read = number(flag, least, most)
  return (text) => {
    const value = read(text)
    if (Number.isInteger(value)) return value
    throw new UsageError(`${flag} is a whole number.`)
  }
}

/** `KEY=VALUE`, one more of them. */
export const pair =
  (flag: string, form: string) =>
  (text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
    const at = text.indexOf('=')
    if (at < 1) throw new UsageError(`${flag} takes ${form}.`)
    return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
  }

/** One more of several. */
export const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]
