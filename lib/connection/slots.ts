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
    this.#queueOf(task).add(task)
    this.#fill()
  }

  /** Forgets a task that waits. */
  remove(task: Task): void {
    this.#queueOf(task).remove(task)
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
    for (const queue of this.#queues) if (queue.priority === priority) return queue
    const added = new Queue(priority)
    this.#queues = [...this.#queues, added].sort((a, b) => b.priority - a.priority)
    return added
  }

  #fill(): void {
    while (this.#running < this.#limit) {
      const task = this.#take()
      if (!task) return
      this.#running += 1
      task.start()
    }
  }

  #take(): Task | undefined {
    for (const queue of this.#queues) {
      const task = queue.take()
      if (task) return task
    }
    return undefined
  }
}

/** Tasks of one priority, in order. */
class Queue {
  readonly priority: number
  readonly #tasks: Set<Task> = new Set()
  /**
   * Goes through them all once: a fresh iterator would step over every task that was taken before, which makes ten thousand
   * quadratic. It is never asked at its end, so it goes on with what is added later.
   */
  readonly #left: Iterator<Task, undefined> = this.#tasks.values()

  constructor(priority: number) {
    this.priority = priority
  }

  add(task: Task): void {
    this.#tasks.add(task)
  }

  remove(task: Task): void {
    this.#tasks.delete(task)
  }

  /** The first, if there is one. */
  take(): Task | undefined {
    if (this.#tasks.size === 0) return undefined
    const task = this.#left.next().value
    if (task) this.#tasks.delete(task)
    return task
  }
}
