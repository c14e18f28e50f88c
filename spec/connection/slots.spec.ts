import { Slots, type Task } from '../../lib/connection/slots.ts'

describe('slots', () => {
  const tasksOf = (
    limit: number,
    priorities: readonly number[],
  ): { slots: Slots; started: string[]; tasks: readonly Task[] } => {
    const slots = new Slots(limit)
    const started: string[] = []
    const tasks = priorities.map((priority, i) => ({
      priority,
      start: () => void started.push('abcdef'[i] ?? ''),
    }))
    for (const task of tasks) slots.add(task)
    return { slots, started, tasks }
  }
  const three = (limit: number): ReturnType<typeof tasksOf> => tasksOf(limit, [0, 0, 0])

  it('let as many tasks run as there are, the others in order', () => {
    const { slots, started } = three(2)
    expect(started).toEqual(['a', 'b'])
    slots.free()
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('start those of a higher priority first, those of the same in order', () => {
    const { slots, started } = tasksOf(1, [0, -1, 0, 7, 0.5, 7])
    for (let i = 0; i < 5; i++) slots.free()
    expect(started).toEqual(['a', 'd', 'f', 'e', 'c', 'b'])
  })

  it('forget a task that is removed while it waits', () => {
    const { slots, started, tasks } = three(1)
    for (const task of tasks.slice(1, 2)) slots.remove(task)
    slots.free()
    expect(started).toEqual(['a', 'c'])
  })

  it('forget all that wait when they are cleared', () => {
    const { slots, started } = three(1)
    slots.clear()
    slots.free()
    expect(started).toEqual(['a'])
  })

  it('start nothing more when they are cleared by a task that starts', () => {
    const slots = new Slots(3)
    const started: string[] = []
    const first: Task = { priority: 0, start: () => void started.push('first') }
    for (let i = 0; i < 3; i++) slots.add(first)
    const clearing: Task = {
      priority: 1,
      start: () => {
        started.push('clearing')
        slots.clear()
        slots.free()
        slots.free()
      },
    }
    slots.add(clearing)
    slots.add({ priority: 0, start: () => void started.push('never') })
    slots.free()
    expect(started).toEqual(['first', 'first', 'first', 'clearing'])
  })

  it('run tasks that are done at once, however many, one after the other', () => {
    const slots = new Slots(1)
    const seen: number[] = []
    const task = (i: number): Task => ({
      priority: 0,
      start: () => {
        seen.push(i)
        if (i < 5) slots.add(task(i + 1))
        slots.free()
      },
    })
    slots.add(task(1))
    expect(seen).toEqual([1, 2, 3, 4, 5])
  })
})
