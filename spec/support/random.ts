/** Numbers that look random and can be had again. */
export interface Random {
  /** From 0 to 1, 1 excluded. */
  next(): number
  /** A whole number, both ends included. */
  between(min: number, max: number): number
  chance(probability: number): boolean
  /** One of a list that is not empty. */
  pick<A>(items: readonly [A, ...A[]]): A
  /** A further source, which depends on this seed and this name only, however much has been drawn from this one. */
  fork(name: string | number): Random
}

/** The same seed gives the same numbers (mulberry32). */
export const random = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    fork: (name) => {
      let hash = seed ^ 0x9e3779b9
      for (const character of String(name)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
      return random(hash ^ (hash >>> 13))
    },
  }
}
