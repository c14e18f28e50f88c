import { defer, finalize, type Observable, tap } from 'rxjs'
import { type LiveState } from './live-state.ts'
import { OVERLAY, overlaid } from './overlay.ts'

/**
 * Shows a change of a live state at once, before the server has made it: `state.dispatch('add', todo).pipe(
 * optimistic(state, (todos) => [...todos, todo]))`. Whoever is subscribed to `state` sees it until the next version of
 * the server comes, or until the dispatch fails or is unsubscribed before it was sent. Nothing is shown while there is
 * no state or nobody subscribed. A change that throws makes the dispatch fail before anything is sent.
 *
 * @param change - gives another state and does not change the one it gets.
 * @throws `InvalidArgument` for a state that was not made by `liveState`.
 */
export const optimistic = <S>(
  state: LiveState<S>,
  change: (state: S) => S,
): (<A>(dispatch$: Observable<A>) => Observable<A>) => {
  const shown = overlaid(state)
  return (dispatch$) =>
    defer(() => {
      let takeBack: (() => void) | undefined = shown[OVERLAY](change)
      return dispatch$.pipe(
        tap({
          complete: () => {
            takeBack = undefined
          },
        }),
        finalize(() => takeBack?.()),
      )
    })
}
