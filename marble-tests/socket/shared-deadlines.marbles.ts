import { concat, EMPTY, NEVER, of, retry, switchMap, timer } from 'rxjs'
import { PushTimeout } from '../../lib/index.ts'
import { deadlines } from '../../lib/socket/deadlines.ts'
import { within } from '../../lib/socket/within.ts'
import { run } from '../support/run.ts'

describe('S6: deadlines that share a timer', () => {
  it('pass in time each, also when one that passes sets another, as retry does', () => {
    run(({ expectObservable }, scheduler) => {
      const shared = deadlines(scheduler)
      const limited = within<never>(shared, 10, () => 'late')
      const first = '  --------------------#'
      const second = ' --------------#'

      // Tried at 0 and again at 10; the other one began at 4.
      expectObservable(NEVER.pipe(limited, retry(1))).toBe(first, {}, 'late')
      expectObservable(timer(4, scheduler).pipe(switchMap(() => NEVER.pipe(limited)))).toBe(
        second,
        {},
        'late',
      )
    })
  })

  it('are cleared by what settles in time', () => {
    run(({ expectObservable }, scheduler) => {
      const shared = deadlines(scheduler)
      const settled$ = concat(timer(4, scheduler), EMPTY).pipe(within(shared, 10, () => new Error('late')))

      expectObservable(settled$).toBe('----(a|)', { a: 0 })
      expectObservable(of('a').pipe(within(shared, 10, () => PushTimeout))).toBe('(a|)')
    })
  })
})
