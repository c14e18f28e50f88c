import { slidingWindows, startsOf, type Windowed } from '../../examples/sliding-windows/sliding-windows.ts'
import { run } from '../support/run.ts'

const word = (windowed: Windowed<number>): string =>
  windowed.type === 'window'
    ? `${windowed.from}-${windowed.to}: ${windowed.values.join(' ')}`
    : `late ${windowed.value} for ${windowed.missed.join(' ')}`

/** Windows of 10, every 5; 3 are waited for. The values are times. */
const windows = slidingWindows<number>({ timeOf: (time) => time, lengthMs: 10, everyMs: 5, latenessMs: 3 })
const times = { a: 1, b: 6, c: 4, d: 13, e: 18, z: 100 }

/** What came at which millisecond of the clock, which is not the time of the values. */
const told = (values: string): readonly string[] => {
  const all: string[] = []
  run(({ cold }, scheduler) => {
    cold(values, times)
      .pipe(windows)
      .subscribe({
        next: (each) => all.push(`${scheduler.now()} ${word(each)}`),
        error: (error: unknown) => all.push(`${scheduler.now()} ${String(error)}`),
        complete: () => all.push(`${scheduler.now()} end`),
      })
  })
  return all
}

describe('slidingWindows', () => {
  it('emits a window when a value shows that its time is over, and the rest at the end', () => {
    expect(told('ab-d--e|')).toEqual([
      '3 -5-5: 1',
      '3 0-10: 1 6',
      '6 5-15: 6 13',
      '7 10-20: 13 18',
      '7 15-25: 18',
      '7 end',
    ])
  })

  it('counts values out of order, as long as their windows are open', () => {
    expect(told('bc-d|').slice(0, 2)).toEqual(['3 -5-5: 4', '3 0-10: 6 4'])
  })

  it('emits later values as late, with the windows that they missed', () => {
    expect(told('a-d-b|')).toEqual([
      '2 -5-5: 1',
      '2 0-10: 1',
      '4 late 6 for 0',
      '5 5-15: 13 6',
      '5 10-20: 13',
      '5 end',
    ])
  })

  it('emits no empty window', () => {
    expect(told('az|').map((each) => each.split(':')[0])).toEqual([
      '1 -5-5',
      '1 0-10',
      '2 95-105',
      '2 100-110',
      '2 end',
    ])
  })

  it('ends empty with an empty source, and emits no open window at an error', () => {
    expect(told('|')).toEqual(['0 end'])
    expect(told('a#')).toEqual(['1 error'])
  })

  it('has separate windows for each subscriber, and unsubscribes the source', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const values$ = cold('a--|', times)
      const windows$ = values$.pipe(windows)
      const both = {
        x: { type: 'window', from: -5, to: 5, values: [1] },
        y: { type: 'window', from: 0, to: 10, values: [1] },
      }
      expectObservable(windows$).toBe('---(xy|)', both)
      expectObservable(windows$, '-^').toBe('----(xy|)', both)
      expectObservable(windows$, '^-!').toBe('')
      expectSubscriptions(values$.subscriptions).toBe(['^--!', '^-!', '-^--!'])
    })
  })
})

describe('startsOf', () => {
  it.each([
    [12, 10, 5, [5, 10]],
    [10, 10, 5, [5, 10]],
    [9, 10, 10, [0]],
    [10, 10, 10, [10]],
    [0, 15, 5, [-10, -5, 0]],
  ])('the windows that %i is in, of length %i every %i', (time, lengthMs, everyMs, starts) => {
    expect(startsOf(time, lengthMs, everyMs)).toEqual(starts)
  })
})
