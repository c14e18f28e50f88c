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
 * Runs a source while `pause$` says false, and shows `paused` while it says true. Runs until told otherwise, so that
 * a `pause$` that has not spoken yet does not hold it up; one that speaks when subscribed is heard first.
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
    // One after the other, also when what is told to close says when to go on: `switchMap` would lose sight of what it opened.
    concatMap((pause) => of(pause)),
    switchMap((pause) => (pause ? of(paused) : running$)),
  )
}
