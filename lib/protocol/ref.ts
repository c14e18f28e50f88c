/** Gives a new ref at each call: "1", "2", …, unique for the life of the counter. */
export type NextRef = () => string

/** A counter of refs. The client chooses refs freely; strings of whole numbers are what Phoenix's own client sends. */
export const refCounter = (): NextRef => {
  let last = 0
  return () => String(++last)
}
