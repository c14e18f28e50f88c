import { defer, finalize, type Observable, tap } from 'rxjs'
import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type LiveState } from './live-state.ts'
import { OVERLAY, overlaid } from './overlay.ts'

/**
 * Shows a change of a live state immediately, before the server has made it:
 * `state.dispatch('add', todo).pipe(optimistic(state, (todos) => [...todos, todo]))`. Subscribers of `state` see it until
 * the next version of the server arrives, or until the dispatch fails or is unsubscribed before it was sent. If there is
 * no state yet, or nobody is subscribed to it, nothing is shown. If `change` throws, the dispatch fails before anything
 * is sent.
 *
 * @param change - returns another state and must not modify the one it gets.
 * @throws `InvalidArgument` unless the state was made by `liveState` and the change is a function.
 */
export const optimistic = <S>(
  state: LiveState<S>,
  change: (state: S) => S,
): (<A>(dispatch$: Observable<A>) => Observable<A>) => {
  const shown = overlaid(state)
  if (DEV && typeof change !== 'function')
    throw new InvalidArgument('change', change, 'pass a function from a state to the state to show.')
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
