import { timeLimits, within } from '../../lib/connection/within.ts'
import { run } from '../support/run.ts'

const late = new Error('late')

describe('within', () => {
  it('errors when the source has not ended in time', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const source = cold('-a-------')
      const subscribed = ' ^----!   '
      const expected = '   -a---#   '

      expectObservable(source.pipe(within(5, timeLimits(scheduler), () => late))).toBe(
        expected,
        undefined,
        late,
      )
      expectSubscriptions(source.subscriptions).toBe(subscribed)
    })
  })

  it('lets a source be that ends in time, and leaves no timer', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const source = cold('-a-(b|)')
      const expected = '   -a-(b|)'

      expectObservable(source.pipe(within(5, timeLimits(scheduler), () => late))).toBe(expected)
      scheduler.schedule(() => {
        expect(scheduler.actions).toEqual([])
      }, 4)
    })
  })

  it('waits for the same time again when there is no error', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const errors = [undefined, undefined, late]
      const source = cold('-----------')
      const expected = '   ------#   '

      expectObservable(source.pipe(within(2, timeLimits(scheduler), () => errors.shift()))).toBe(
        expected,
        undefined,
        late,
      )
    })
  })

  it('stops the timer at an unsubscribe', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const source = cold('-a-------')
      const subscribed = ' ^--!     '
      const expected = '   -a--     '

      expectObservable(source.pipe(within(5, timeLimits(scheduler), () => late)), subscribed).toBe(expected)
      expectSubscriptions(source.subscriptions).toBe(subscribed)
    })
  })

  it('errors with the error of its source', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const source = cold('--#')

      expectObservable(source.pipe(within(5, timeLimits(scheduler), () => late))).toBe('--#')
    })
  })
})
