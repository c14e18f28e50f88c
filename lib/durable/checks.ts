import { DEV } from '../protocol/dev.ts'
import { checked } from '../protocol/checked.ts'
import { MAX_DELAY_MS } from '../protocol/max-delay.ts'

/** A time in milliseconds above 0; `Infinity` where there may be no limit. */
export const duration = (argument: string, ms: number, orNever = false): number =>
  checked(
    typeof ms === 'number' && ms > 0 && (ms <= MAX_DELAY_MS || (orNever && ms === Infinity)),
    argument,
    ms,
    DEV && `pass a number of milliseconds above 0, at most ${MAX_DELAY_MS}${orNever ? ', or Infinity' : ''}.`,
  )

/** How many of something: a whole number above 0. */
export const amount = (argument: string, value: number): number =>
  checked(Number.isSafeInteger(value) && value > 0, argument, value, DEV && 'pass a whole number above 0.')

/** A function, or nothing. */
export const callable = (argument: string, value: unknown, optional = true): void => {
  checked(
    typeof value === 'function' || (optional && value === undefined),
    argument,
    value,
    DEV && 'pass a function.',
  )
}
