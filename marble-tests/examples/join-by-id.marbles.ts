import { joinById, type JoinOptions, type Joined } from '../../examples/join-streams/join-by-id.ts'
import { run } from '../support/run.ts'

/** A value is a letter: `a` on the left and `A` on the right belong together. */
const options: JoinOptions<string, string> = {
  leftId: (left) => left,
  rightId: (right) => right.toLowerCase(),
  withinMs: 8,
  room: 2,
}

const word = (joined: Joined<string, string>): string => {
  switch (joined.type) {
    case 'pair':
      return joined.left + joined.right
    case 'left alone':
      return `${joined.left} ${joined.because}`
    case 'right alone':
      return `${joined.right} ${joined.because}`
  }
}

/** Runs the join of two diagrams, and gives what came at which millisecond. */
const joined = (left: string, right: string, given: Partial<typeof options> = {}): readonly string[] => {
  const told: string[] = []
  run(({ cold }, scheduler) => {
    joinById<string, string>(cold(left), cold(right), { ...options, ...given, scheduler }).subscribe({
      next: (each) => told.push(`${scheduler.now()} ${word(each)}`),
      error: (error: unknown) => told.push(`${scheduler.now()} ${String(error)}`),
      complete: () => told.push(`${scheduler.now()} end`),
    })
  })
  return told
}

describe('joinById', () => {
  it('pairs what has the same id, whichever comes first', () => {
    expect(joined('a--b---|', '--A-B--|')).toEqual(['2 aA', '4 bB', '7 end'])
    expect(joined('--a-b--|', 'A--B---|')).toEqual(['2 aA', '4 bB', '7 end'])
  })

  it('emits what found no partner in time, at most a quarter of that time later', () => {
    expect(joined('-a-------------|', '---------------|')).toEqual(['10 a time', '15 end'])
    expect(joined('---------------|', '-A-------------|')).toEqual(['10 A time', '15 end'])
  })

  it('pairs nothing with what was given up', () => {
    expect(joined('a--------------|', '-----------A---|')).toEqual(['8 a time', '15 A end', '15 end'])
  })

  it('drops the oldest when there is no room', () => {
    expect(joined('abc---|', '-----C|')).toEqual(['2 a room', '5 cC', '6 b end', '6 end'])
  })

  it('omits what one side emits twice', () => {
    expect(joined('aa-----|', '---A---|')).toEqual(['3 aA', '7 end'])
  })

  it('continues with one side when the other has ended, and ends when both have', () => {
    expect(joined('a|', '---A---|')).toEqual(['3 aA', '7 end'])
    expect(joined('|', '|')).toEqual(['0 end'])
  })

  it('errors with either side, without emitting what was waiting', () => {
    expect(joined('a-#', '------|')).toEqual(['2 error'])
    expect(joined('a-----|', '--#')).toEqual(['2 error'])
  })

  it('keeps apart what two subscribers wait for', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const each$ = joinById<string, string>(cold('a--|'), cold('-A-|'), { ...options, scheduler })
      expectObservable(each$).toBe('-p-|', { p: { type: 'pair', left: 'a', right: 'A' } })
      expectObservable(each$, '--^').toBe('---p-|', { p: { type: 'pair', left: 'a', right: 'A' } })
    })
  })

  it('leaves nothing running when it is unsubscribed', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const left$ = cold('a----')
      const right$ = cold('-----')
      expectObservable(joinById<string, string>(left$, right$, { ...options, scheduler }), '^---!').toBe('')
      expectSubscriptions(left$.subscriptions).toBe('^---!')
      expectSubscriptions(right$.subscriptions).toBe('^---!')
    })
  })
})
