import { type Step } from './schedule.ts'

/** A step and what stands for it in the diagrams. */
export interface Lettered<A extends Step = Step> {
  readonly step: A
  readonly letter: string
}

/** Letters that mean nothing in a diagram. `o`, `J`, `L` and `X` are taken. */
const LETTERS = Array.from('abcdefghijklmnpqrstuvwxyzABCDEFGHIKMNOPQRSTUVWYZ')

export const lettered = (steps: readonly Step[]): readonly Lettered[] =>
  steps.map((step, index) => ({ step, letter: letterOf(index) }))

/** Past the alphabet come CJK ideographs: twenty thousand letters that no diagram gives a meaning and any object takes as keys. */
const letterOf = (index: number): string =>
  LETTERS[index] ?? String.fromCodePoint(0x4e00 + index - LETTERS.length)
