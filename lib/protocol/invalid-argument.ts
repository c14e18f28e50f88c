import { DEV } from './dev.ts'
import { TaggedError } from './tagged-error.ts'

/** A public function was called with an argument that cannot work. Thrown at the call, so that the stack shows where. */
export class InvalidArgument extends TaggedError<'InvalidArgument'> {
  /** The name of the argument or option. */
  declare readonly argument: string
  /** What was passed; of a URL without query and credentials, and not if it may be or hold a token. */
  declare readonly value: unknown

  constructor(argument: string, value: unknown, advice: string | false) {
    const safe = withoutCredentials(argument, value)
    super('InvalidArgument', DEV && `${argument} is ${show(safe)}: ${advice}`, { argument, value: safe })
  }
}

const withoutCredentials = (argument: string, value: unknown): unknown => {
  const holdsText = typeof value === 'string' || (typeof value === 'object' && value !== null)
  if (holdsText && /token|params/i.test(argument)) return '[redacted]'
  return typeof value === 'string' && /url/i.test(argument) ? withoutSecrets(value) : value
}

const show = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value.slice(0, 100))
    : typeof value === 'object' && value !== null
      ? 'an object'
      : typeof value === 'function'
        ? 'a function'
        : String(value)

/** A URL as it may be shown: without query and credentials, where secrets travel. */
export const withoutSecrets = (url: string): string =>
  url.replace(/[?#].*$/s, '').replace(/(:[\\/]*|[\\/]{2})[^\\/]*@/, '$1')
