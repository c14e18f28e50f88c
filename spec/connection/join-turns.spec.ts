import { EMPTY, NEVER, Observable, Subject } from 'rxjs'
import { inTurn, JoinTurns } from '../../lib/connection/join-turns.ts'

/** Sources that note when they are subscribed; `end` completes one. */
const sources = (turns: JoinTurns, priorities: readonly number[]) => {
  const started: string[] = []
  const running = new Map<string, Subject<never>>()
  const subscriptions = priorities.map((priority, i) => {
    const name = 'abcdef'[i] ?? ''
    const source$ = new Observable<never>((subscriber) => {
      started.push(name)
      const subject = new Subject<never>()
      running.set(name, subject)
      return subject.subscribe(subscriber)
    })
    return source$.pipe(inTurn(turns, priority)).subscribe()
  })
  return { started, subscriptions, end: (name: string) => running.get(name)?.complete() }
}

describe('inTurn', () => {
  it('subscribes to as many sources as there may be, and to the others in order', () => {
    const { started, end } = sources(new JoinTurns(2), [0, 0, 0])
    expect(started).toEqual(['a', 'b'])
    end('b')
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('takes those with a higher priority first, those with the same in order', () => {
    const { started, end } = sources(new JoinTurns(1), [0, -1, 0, 7, 0.5, 7])
    for (const name of 'adfec') end(name)
    expect(started).toEqual(['a', 'd', 'f', 'e', 'c', 'b'])
  })

  it('leaves out a source that is unsubscribed while it waits', () => {
    const { started, subscriptions, end } = sources(new JoinTurns(1), [0, 0, 0])
    subscriptions[1]?.unsubscribe()
    end('a')
    expect(started).toEqual(['a', 'c'])
  })

  it('makes room when a source is unsubscribed while it runs', () => {
    const { started, subscriptions } = sources(new JoinTurns(1), [0, 0])
    subscriptions[0]?.unsubscribe()
    expect(started).toEqual(['a', 'b'])
  })

  it('forgets all that wait when it is cleared', () => {
    const turns = new JoinTurns(1)
    const { started, end } = sources(turns, [0, 0])
    turns.clear()
    end('a')
    expect(started).toEqual(['a'])
  })

  it('starts none while more are added together, so that priority counts for all of them', () => {
    const turns = new JoinTurns(1)
    let started: readonly string[] = []
    turns.together(() => {
      ;({ started } = sources(turns, [0, 1]))
      expect(started).toEqual([])
    })
    expect(started).toEqual(['b'])
  })

  it('takes ten thousand that end immediately one after the other', () => {
    const turns = new JoinTurns(1)
    const first = NEVER.pipe(inTurn(turns, 0)).subscribe()
    let ended = 0
    for (let i = 0; i < 10_000; i++) EMPTY.pipe(inTurn(turns, 0)).subscribe({ complete: () => (ended += 1) })
    first.unsubscribe()
    expect(ended).toBe(10_000)
  })
})
