import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type FrameFault, type FrameInTransit } from './faults.ts'

/** Probabilities from 0 to 1; what is left out never happens. */
export interface RandomFaultOptions {
  /** The same seed gives the same faults for the same sequence of frames. */
  readonly seed: number
  readonly drop?: number
  readonly garble?: number
  readonly cut?: number
  readonly delay?: number
  /** The longest delay, in milliseconds. Default 100. */
  readonly maxDelayMs?: number
  /** Which frames are concerned at all. Default: every one. */
  readonly only?: (transit: FrameInTransit) => boolean
}

/** A source of faults that can be repeated, for `faults.frame`. */
export const randomFaults = (options: RandomFaultOptions): ((transit: FrameInTransit) => FrameFault) => {
  const { seed, drop = 0, garble = 0, cut = 0, delay = 0, maxDelayMs = 100, only = () => true } = options
  for (const [name, probability] of Object.entries({ drop, garble, cut, delay }))
    if (!(probability >= 0 && probability <= 1))
      throw new InvalidArgument(name, probability, 'pass a probability from 0 to 1.')
  if (drop + garble + cut + delay > 1)
    throw new InvalidArgument('drop', drop, 'the probabilities of all faults together must not exceed 1.')
  const random = generator(seed)
  return (transit) => {
    if (!only(transit)) return 'pass'
    const lot = random()
    if (lot < drop) return 'drop'
    if (lot < drop + garble) return 'garble'
    if (lot < drop + garble + cut) return 'cut'
    return lot < drop + garble + cut + delay ? { delayMs: random() * maxDelayMs } : 'pass'
  }
}

/** A linear congruential generator with the constants of Numerical Recipes: no good for secrets, good for repetition. */
const generator = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
