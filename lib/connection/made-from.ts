const parts: WeakMap<object, readonly unknown[]> = new WeakMap()

/**
 * Notes what a function was made from: the name of its maker, then the arguments. Two functions of one maker have the same
 * source text, so this is how they are compared (`sameFunction`).
 */
export const madeFrom = <F extends object>(made: F, ...from: readonly unknown[]): F => {
  parts.set(made, from)
  return made
}

/** What a function of this library was made from; undefined for other functions. */
export const partsOf = (made: object): readonly unknown[] | undefined => parts.get(made)
