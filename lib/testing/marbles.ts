import { type Observable } from 'rxjs'
import { type RunHelpers, TestScheduler } from 'rxjs/testing'
import { checked } from '../protocol/checked.ts'
import { type ExpectSent, expectSentIn } from './expect-sent.ts'
import { type MarblePhoenix, phoenixIn } from './marble-phoenix.ts'

/**
 * The helpers of a marble test: those of RxJS (`cold`, `hot`, `expectObservable`, `expectSubscriptions`, `time`, `flush`,
 * `animate`), `phoenix` for a server and `expectSent` for what the client sends.
 */
export interface MarbleHelpers extends RunHelpers {
  /** A fake server whose links follow marble diagrams. */
  readonly phoenix: MarblePhoenix
  /** Compares what the client sends to a fake server with a marble diagram. */
  readonly expectSent: ExpectSent
}

/** A day of virtual time, which a heartbeat of 30 seconds passes in a blink. */
const LONGEST_MS = 86_400_000

/**
 * Runs marble tests in virtual time: a frame of a diagram is a millisecond, and timers of the default scheduler are
 * virtual too. The second argument of the test is the scheduler, for the option `scheduler`.
 *
 * The test must not be an `async` function: virtual time is over at its first `await`, and nothing would be compared after that. It may
 * give a Promise that was made in virtual time, to be awaited when it has run.
 *
 * Throws what `equal` throws; `InvalidArgument` for an `async` function; and, if something runs for more than a day of virtual time, such as the heartbeats of a
 * connection that nobody unsubscribes, an Error that names this cause.
 *
 * @param equal - compares actual and expected notifications; throws if they differ, such as
 * `(actual, expected) => expect(actual).toEqual(expected)`. `runMarbles` has one that needs no test framework.
 */
export const marbles =
  (equal: (actual: unknown, expected: unknown) => void) =>
  <T>(test: (helpers: MarbleHelpers, scheduler: TestScheduler) => T): T => {
    checked(!isAsync(test), 'test', test, 'pass one that is not async: an await would outlast virtual time.')
    let over = false
    const scheduler: TestScheduler = new TestScheduler((actual, expected) => {
      // Before what came is compared: of something endless there would be no end to the report.
      refuseEndless(scheduler)
      equal(actual, expected)
    })
    const result = scheduler.run((helpers) => {
      scheduler.maxFrames = LONGEST_MS
      const own = refusing(helpers, () => over)
      return test({ ...own, phoenix: phoenixIn(own), expectSent: expectSentIn(own) }, scheduler)
    })
    over = true
    refuseEndless(scheduler)
    return result
  }

/** An `async` function that was not compiled away. `refusing` finds the others, a moment later. */
const isAsync = (test: unknown): boolean => Object.prototype.toString.call(test) === '[object AsyncFunction]'

/** Helpers that throw when it is too late to expect anything, since that would never be compared, and pass always. */
const refusing = (helpers: RunHelpers, isOver: () => boolean): RunHelpers => {
  const refuseLate = (): void => {
    if (isOver())
      throw new Error('This marble test has already run: what it expects after an await is never compared.')
  }
  return {
    ...helpers,
    expectObservable: <T>(observable: Observable<T>, subscriptionMarbles?: string | null) => {
      refuseLate()
      return helpers.expectObservable(observable, subscriptionMarbles)
    },
    expectSubscriptions: (actual) => {
      refuseLate()
      return helpers.expectSubscriptions(actual)
    },
  }
}

const refuseEndless = (scheduler: TestScheduler): void => {
  if (scheduler.actions.some(({ closed, delay }) => !closed && delay > LONGEST_MS))
    throw new Error(
      'This test still runs after a day of virtual time, because something is never unsubscribed. Give expectObservable a ' +
        "second argument that ends the subscription, such as '^----!', or pass heartbeatIntervalMs: 0.",
    )
}
