import { TestScheduler } from 'rxjs/testing'

/** The helpers of a marble test: `cold`, `hot`, `expectObservable`, `expectSubscriptions`, `time`, `flush`, `animate`. */
export type MarbleHelpers = Parameters<Parameters<TestScheduler['run']>[0]>[0]

/**
 * Runs a marble test in virtual time: a frame of a diagram is a millisecond, and timers of the default scheduler are
 * virtual too. The second argument of the test is the scheduler, for the option `scheduler`.
 *
 * @param equal - compares actual and expected notifications; throws if they differ, such as
 * `(actual, expected) => expect(actual).toEqual(expected)`.
 */
export const marbles =
  (equal: (actual: unknown, expected: unknown) => void) =>
  <T>(test: (helpers: MarbleHelpers, scheduler: TestScheduler) => T): T => {
    const scheduler = new TestScheduler(equal)
    return scheduler.run((helpers) => test(helpers, scheduler))
  }
