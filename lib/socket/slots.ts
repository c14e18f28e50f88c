import { Observable } from 'rxjs'

/** Lets at most so many tasks run at a time; the others wait in order. */
export interface Slots {
  /** Runs a task when there is room, and gives what it gives. Unsubscribing a waiting task forgets it. */
  readonly run: <A>(task$: Observable<A>) => Observable<A>
}

/**
 * `mergeMap` with a concurrency does the same for a list; here tasks come one by one from many places, and a Set makes
 * taking one out of ten thousand as cheap as taking the first (an array's `shift` is quadratic in all).
 */
export const slots = (limit: number): Slots => {
  const waiting: Set<() => void> = new Set()
  let running = 0

  const release = (): void => {
    running -= 1
    for (const start of waiting) {
      if (running >= limit) return
      waiting.delete(start)
      start()
    }
  }

  return {
    run: <A>(task$: Observable<A>) =>
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
        waiting.add(start)
        return () => waiting.delete(start)
      }),
  }
}
