import { expect } from '@jest/globals'

/** An error that is told apart by its tag, as those of the library are. */
const isTagged = (value: unknown): value is Error => value instanceof Error && '_tag' in value

const factsOf = (error: Error): unknown[] => [
  error.message,
  error.cause,
  Object.fromEntries(Object.entries(error)),
]

/*
 * Of two errors `toEqual` compares names, messages and causes alone. The facts of ours are fields, and a message need not hold
 * all of them.
 */
expect.addEqualityTesters([
  function (a, b, testers) {
    return isTagged(a) && isTagged(b) ? this.equals(factsOf(a), factsOf(b), testers) : undefined
  },
])
