import { Observable } from 'rxjs'

/** Lets at most so many tasks run at a time; the others wait, those of a higher priority in front, else in order. */
export interface Slots {
  /** Runs a task when there is room, and gives what it gives. Unsubscribing a waiting task forgets it. */
  readonly run: <A>(task$: Observable<A>, priority: number) => Observable<A>
}

/**
 * `mergeMap` with a concurrency does the same for a list; here tasks come one by one from many places, and a Set makes
 * taking one out of ten thousand as cheap as taking the first (an array's `shift` is quadratic in all).
 */
export const slots = (limit: number): Slots => {
  /** By priority, of which there are few. */
  const waiting: Map<number, Set<() => void>> = new Map()
  let running = 0

  const release = (): void => {
    running -= 1
    for (const [, queue] of [...waiting].sort(([a], [b]) => b - a))
      for (const start of queue) {
        if (running >= limit) return
        queue.delete(start)
        start()
      }
  }

  return {
    run: <A>(task$: Observable<A>, priority: number) =>
      new Observable<A>((subscriber) => {
        const start = (): void => {
          running += 1
          subscriber.add(release)
          subscriber.add(task$.subscribe(subscriber))
        }
        if (running < limit) {
          start()
          return undefined
        }
        const queue = waiting.get(priority) ?? new Set()
        waiting.set(priority, queue.add(start))
        return () => queue.delete(start)
      }),
  }
}
