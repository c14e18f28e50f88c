/** Whatever waits for its turn. */
export interface Task {
  /** Of those that wait, the ones with a higher priority are in front. */
  readonly priority: number
  /** Its turn has come: it holds a slot until `free` is called. */
  start(): void
}

/**
 * Lets at most so many tasks run at a time; the others wait, those of a higher priority in front, else in order. Tasks come
 * one by one from many places; a Set makes taking one out of ten thousand as cheap as taking the first (an array's `shift`
 * is quadratic in all).
 */
export class Slots {
  readonly #limit: number
  /** By priority, of which there are few; the highest first. */
  #queues: readonly Queue[] = []
  #running = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Starts a task, now or when there is room. */
  add(task: Task): void {
    this.#queueOf(task).tasks.add(task)
    this.#fill()
  }

  /** Forgets a task that waits. */
  remove(task: Task): void {
    this.#queueOf(task).tasks.delete(task)
  }

  /** Forgets all tasks that wait. */
  clear(): void {
    this.#queues = []
  }

  /** A task that was started is over. */
  free(): void {
    this.#running -= 1
    this.#fill()
  }

  #queueOf({ priority }: Task): Queue {
    const found = this.#queues.find((queue) => queue.priority === priority)
    if (found) return found
    const added: Queue = { priority, tasks: new Set() }
    this.#queues = [...this.#queues, added].sort((a, b) => b.priority - a.priority)
    return added
  }

  #fill(): void {
    for (const { tasks } of this.#queues)
      for (const task of tasks) {
        if (this.#running >= this.#limit) return
        tasks.delete(task)
        this.#running += 1
        task.start()
      }
  }
}

interface Queue {
  readonly priority: number
  readonly tasks: Set<Task>
}
