import { concatMap, map, mergeMap, range } from 'rxjs'
import { tokenBucket } from '../../examples/paced-producer/token-bucket.ts'
import { run } from '../support/run.ts'

describe('tokenBucket', () => {
  it('gives a burst immediately and then one after the other', () => {
    run(({ expectObservable }, scheduler) => {
      const token$ = tokenBucket({ perSecond: 100, burst: 3, scheduler })
      const taken$ = range(1, 5).pipe(concatMap((n) => token$.pipe(map(() => String(n)))))
      expectObservable(taken$).toBe('(123) 5ms 4 9ms (5|)')
    })
  })

  it('gives tokens in order to waiting subscribers', () => {
    run(({ expectObservable }, scheduler) => {
      const token$ = tokenBucket({ perSecond: 100, burst: 1, scheduler })
      const taken$ = range(1, 3).pipe(mergeMap((n) => token$.pipe(map(() => String(n)))))
      expectObservable(taken$).toBe('1 9ms 2 9ms (3|)')
    })
  })

  it('fills while nobody takes, and no further than the burst', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const token$ = tokenBucket({ perSecond: 100, burst: 2, scheduler })
      const asked$ = cold('(aaa) 95ms (bbb)')
      const taken$ = asked$.pipe(mergeMap((who) => token$.pipe(map(() => who))))
      expectObservable(taken$).toBe('(aa) 6ms a 89ms (bb) 6ms b')
    })
  })

  it('does not give the token of an unsubscribed waiter to the next', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const token$ = tokenBucket({ perSecond: 100, burst: 1, scheduler }).pipe(map(() => 't'))
      expectObservable(token$).toBe('(t|)')
      expectObservable(token$, '-^--!').toBe('')
      expectObservable(cold('--a|').pipe(concatMap(() => token$))).toBe('20ms (t|)')
    })
  })
})
