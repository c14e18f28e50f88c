import { type TestScheduler } from 'rxjs/testing'
import { equalMarbles } from './equal-marbles.ts'
import { type MarbleHelpers, marbles } from './marbles.ts'

/**
 * Runs a marble test in virtual time, in any test framework: a frame of a diagram is a millisecond, and timers of the default
 * scheduler are virtual too. Throws an Error if a stream or what was sent is another than its diagram, and shows both;
 * values are compared deeply, and matchers such as `expect.objectContaining(…)` work. Returns what the test returns.
 *
 * To have the differences shown by your test framework instead, see `marbles`.
 */
export const runMarbles: <T>(test: (helpers: MarbleHelpers, scheduler: TestScheduler) => T) => T =
  marbles(equalMarbles)
