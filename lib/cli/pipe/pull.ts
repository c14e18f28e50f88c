import { defer, EMPTY, from, map, merge, mergeMap, type Observable, of, repeat, take } from 'rxjs'

/**
 * Takes values from a source one by one and works on so many of them at a time. A next one is asked for only when one
 * is done: `from` and `mergeMap` would read everything there is into memory. Once `stop$`, which has to repeat its
 * value, has emitted nothing more is taken, and what has begun is finished.
 */
export const pull = <A, B>(
  source: AsyncIterator<A>,
  concurrency: number,
  stop$: Observable<unknown>,
  work: (value: A) => Observable<B>,
): Observable<B> =>
  defer(() => {
    let more = true
    const end = { done: true } as const
    const worker$ = merge(
      stop$.pipe(map(() => end)),
      defer(() => from(source.next())),
    ).pipe(
      take(1),
      mergeMap((next) => {
        if (next.done !== true) return work(next.value)
        more = false
        return EMPTY
      }),
      repeat({ delay: () => (more ? of(true) : EMPTY) }),
    )
    return merge(...Array.from({ length: concurrency }, () => worker$))
  })
