import { InvalidArgument } from './invalid-argument.ts'

/** Gives back a value that is fit; throws `InvalidArgument` with the advice for one that is not. */
export const checked = <A>(fit: boolean, argument: string, value: A, advice: string | false): A => {
  if (fit) return value
  throw new InvalidArgument(argument, value, advice)
}
