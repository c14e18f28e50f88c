import { distinctUntilChanged, map, type Observable, of, switchMap } from 'rxjs'
import { type LiveState } from '../live-state/live-state.ts'
import { LiveStateFailed } from '../live-state/live-state-failed.ts'

/** The error that the server sent in place of a live state; undefined once it has sent a state again. */
export const liveFailures = (
  live: LiveState<unknown>,
  topic: string,
): Observable<LiveStateFailed | undefined> =>
  live.status$.pipe(
    switchMap((status) =>
      status === 'error'
        ? live.errors$.pipe(
            distinctUntilChanged(),
            map((response) => new LiveStateFailed({ topic, response })),
          )
        : of(undefined),
    ),
  )
