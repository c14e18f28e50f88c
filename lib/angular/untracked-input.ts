import { untracked } from '@angular/core'

type Evaluate = (...context: readonly unknown[]) => unknown

/** The same for the same function, since channels of one topic compare functions by identity. */
const untrackedOnes: WeakMap<object, Evaluate> = new WeakMap()

/**
 * An input as it is; of a function one that reads signals without tracking them. An effect that subscribes would depend on
 * them otherwise, and leave and join anew whenever a token is another.
 */
export const untrackedInput = <A>(input: A): A => {
  if (typeof input !== 'function') return input
  const evaluate = input as A & Evaluate
  const known = untrackedOnes.get(evaluate)
  if (known) return known as A & Evaluate
  const made: Evaluate = (...context) => untracked(() => evaluate(...context))
  untrackedOnes.set(evaluate, made)
  return made as A & Evaluate
}
