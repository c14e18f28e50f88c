import { of, Subject, type Subscription, throwError } from 'rxjs'
import { slots } from '../../lib/socket/slots.ts'

describe('slots', () => {
  const three = (limit: number): { started: string[]; tasks: Subject<string>[]; running: Subscription[] } => {
    const { run } = slots(limit)
    const started: string[] = []
    const tasks = ['a', 'b', 'c'].map(() => new Subject<string>())
    const running = tasks.map((task$, i) =>
      run(
        new Proxy(task$, {
          get: (target, key): unknown => {
            if (key === 'subscribe') started.push('abc'[i] ?? '')
            const value: unknown = Reflect.get(target, key)
            return typeof value === 'function' ? value.bind(target) : value
          },
        }),
      ).subscribe({ error: () => undefined }),
    )
    return { started, tasks, running }
  }

  it('let as many tasks run as there are, the others in order', () => {
    const { started, tasks } = three(2)
    expect(started).toEqual(['a', 'b'])
    tasks[1]?.complete()
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('free the place of a task that errors or is unsubscribed', () => {
    const { started, tasks, running } = three(1)
    tasks[0]?.error(new Error('no'))
    expect(started).toEqual(['a', 'b'])
    running[1]?.unsubscribe()
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('forget a task that is unsubscribed while it waits', () => {
    const { started, tasks, running } = three(1)
    running[1]?.unsubscribe()
    tasks[0]?.complete()
    expect(started).toEqual(['a', 'c'])
    expect(tasks[1]?.observed).toBe(false)
  })

  it('run tasks that are done at once', () => {
    const { run } = slots(1)
    const seen: unknown[] = []
    for (const task$ of [of(1), throwError(() => new Error('2')), of(3)])
      run(task$).subscribe({ next: (value) => seen.push(value), error: (error: unknown) => seen.push(error) })
    expect(seen).toEqual([1, new Error('2'), 3])
  })
})
