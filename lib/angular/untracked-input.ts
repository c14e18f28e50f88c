import { untracked } from '@angular/core'

/**
 * An input of a socket; a function of one reads signals without tracking them. Otherwise an effect that subscribes would depend
 * on them, and would leave and join again whenever the token changes.
 */
export const untrackedInput = <A>(input: A): A => {
  if (typeof input !== 'function') return input
  const evaluate = input as A & ((...context: readonly unknown[]) => unknown)
  return ((...context: readonly unknown[]) => untracked(() => evaluate(...context))) as A
}
