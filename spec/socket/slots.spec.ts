import { of, Subject, type Subscription, throwError } from 'rxjs'
import { slots } from '../../lib/socket/slots.ts'

describe('slots', () => {
  const tasksOf = (
    limit: number,
    priorities: readonly number[],
  ): { started: string[]; tasks: Subject<string>[]; running: Subscription[] } => {
    const { run } = slots(limit)
    const started: string[] = []
    const tasks = priorities.map(() => new Subject<string>())
    const running = tasks.map((task$, i) =>
      run(
        new Proxy(task$, {
          get: (target, key): unknown => {
            if (key === 'subscribe') started.push('abcdef'[i] ?? '')
            const value: unknown = Reflect.get(target, key)
            return typeof value === 'function' ? value.bind(target) : value
          },
        }),
        priorities[i] ?? 0,
      ).subscribe({ error: () => undefined }),
    )
    return { started, tasks, running }
  }
  const three = (limit: number): ReturnType<typeof tasksOf> => tasksOf(limit, [0, 0, 0])

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

  it('start those of a higher priority first, those of the same in order', () => {
    const { started, tasks } = tasksOf(1, [0, -1, 0, 7, 0.5, 7])
    for (const i of [0, 3, 5, 4, 2]) tasks[i]?.complete()
    expect(started).toEqual(['a', 'd', 'f', 'e', 'c', 'b'])
  })

  it('run tasks that are done at once', () => {
    const { run } = slots(1)
    const seen: unknown[] = []
    for (const task$ of [of(1), throwError(() => new Error('2')), of(3)])
      run(task$, 0).subscribe({
        next: (value) => seen.push(value),
        error: (error: unknown) => seen.push(error),
      })
    expect(seen).toEqual([1, new Error('2'), 3])
  })
})
