/** A small generator of pseudo-random numbers (mulberry32): fast, and the same for the same seed everywhere. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }

  of<A>(list: readonly A[]): A {
    return list[this.below(list.length)] as A
  }
}

const { FUZZ_SEED, FUZZ_TIMES } = process.env

/** `FUZZ_SEED=…` runs the inputs of a failure again. */
export const SEED: number = FUZZ_SEED === undefined ? Date.now() & 0x7fffffff : Number(FUZZ_SEED)

/** How many inputs: `FUZZ_TIMES=10` has ten times as many. */
export const inputs = (count: number): number => Math.round(count * Number(FUZZ_TIMES ?? 1))

/**
 * Errors without stacks, until the function that is given back is called: half of what is decoded here is turned down
 * with an error, and its stack would be most of the cost.
 */
export const withoutStacks = (): (() => void) => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  return () => {
    Error.stackTraceLimit = stackTraceLimit
  }
}
