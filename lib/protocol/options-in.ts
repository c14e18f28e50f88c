import { checked } from './checked.ts'
import { DEV } from './dev.ts'

/** Options: an object, so that a payload or a number in their place is not taken for none. */
export const optionsIn = <A extends object>(argument: string, value: A): A =>
  !DEV
    ? value
    : checked(
        typeof value === 'object' && (value as A | null) !== null && !Array.isArray(value),
        argument,
        value,
        'pass an object of options, or leave it out.',
      )
