import {
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  merge,
  type Observable,
  of,
  switchMap,
  tap,
} from 'rxjs'

/**
 * Runs a source while `pause$` is false, and shows `paused` while it is true. Runs by default, so that a `pause$` that
 * has not emitted yet does not hold it up; one that emits when subscribed comes first.
 */
export const unlessPaused = <A, P>(
  pause$: Observable<boolean>,
  running$: Observable<A>,
  paused: P,
): Observable<A | P> => {
  if (pause$ === EMPTY) return running$
  return defer(() => {
    let spoke = false
    return merge(
      pause$.pipe(
        tap(() => {
          spoke = true
        }),
      ),
      defer(() => (spoke ? EMPTY : of(false))),
    )
  }).pipe(
    distinctUntilChanged(),
    // One after the other, also when a subscriber ends the pause while the source is being closed: `switchMap` alone would lose the new one.
    concatMap((pause) => of(pause)),
    switchMap((pause) => (pause ? of(paused) : running$)),
  )
}
