import {
  dematerialize,
  map,
  materialize,
  merge,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
  timer,
} from 'rxjs'

/** Errors if the source has not completed in time. `Infinity`: no limit. */
export const completeWithin =
  <A>(timeoutMs: number, scheduler: SchedulerLike, late: () => Error): MonoTypeOperatorFunction<A> =>
  (source$) => {
    if (timeoutMs === Infinity) return source$
    const late$ = timer(timeoutMs, scheduler).pipe(
      map(() => {
        throw late()
      }),
    )
    // The source first: if it completes when it is subscribed, no timer is started.
    return merge(source$.pipe(materialize()), late$).pipe(dematerialize())
  }
