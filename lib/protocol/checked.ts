import { DEV } from './dev.ts'
import { InvalidArgument } from './invalid-argument.ts'

/** Gives back a value that is fit; throws `InvalidArgument` with the advice for one that is not. */
export const checked = <A>(fit: boolean, argument: string, value: A, advice: string | false): A => {
  if (fit) return value
  throw new InvalidArgument(argument, value, advice)
}

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
