import { type Either, isRight, right } from 'fp-ts/Either'
import { BehaviorSubject, combineLatest, distinctUntilChanged, filter, map, type Observable } from 'rxjs'
import { type LiveStateFold } from './live-state-fold.ts'
import { share } from './share.ts'
import { type Whole } from './versioned-state.ts'

type Change<S> = (state: S) => S

/** Changes that are shown before the server has made them, on one of its states and no other. */
interface Overlay<S> {
  readonly whole: Whole
  readonly changes: readonly Change<S>[]
  readonly state: S
}

/** The last state that could be decoded, of the session of this fold. */
interface Good<S> {
  readonly fold: LiveStateFold
  /** The last one that was decoded, or rejected. */
  readonly whole: Whole
  readonly state: S
}

/** The states of a server as its readers see them: decoded, once for all of them, and under an overlay. */
export interface ShownState<S> {
  /** The current state, if there is one, and each that differs from the last one. */
  of(fold: LiveStateFold): Observable<S>
  /**
   * Shows a change of the current state until the server has a new one.
   *
   * @returns takes the change back.
   */
  overlay(change: Change<S>): () => void
}

/** @param decode - without it the type of the state is trusted. */
export const shownState = <S>(decode?: (state: unknown) => Either<unknown, S>): ShownState<S> => {
  const overlay$ = new BehaviorSubject<Overlay<S> | undefined>(undefined)
  let good: Good<S> | undefined

  const lay = ({ whole, state }: Good<S>, changes: readonly Change<S>[]): void => {
    const shown = changes.reduce((changed, change) => change(changed), state)
    overlay$.next({ whole, changes, state: shown })
  }

  const decoded = (fold: LiveStateFold, whole: Whole): Good<S> | undefined => {
    const last = good?.fold === fold ? good : undefined
    if (last?.whole === whole) return last
    const read = decode ? decode(whole.state) : right(whole.state as S)
    if (isRight(read)) {
      // A decoder may make new objects of what did not change.
      const state = decode ? share(last?.state, read.right) : read.right
      return (good = { fold, whole, state })
    }
    // The last good state stays. Reported after it is remembered, since the repair may bring the next state immediately.
    good = last && { ...last, whole }
    fold.refuse(whole, read.left)
    return last
  }

  const show = (fold: LiveStateFold, whole: Whole): { readonly state: S } | undefined => {
    const overlay = overlay$.value
    return overlay?.whole === whole ? overlay : decoded(fold, whole)
  }

  return {
    of: (fold) =>
      combineLatest([fold.versioned$, overlay$]).pipe(
        map(([{ whole }]) => (whole ? show(fold, whole) : undefined)),
        filter((shown) => shown !== undefined),
        map(({ state }) => state),
        distinctUntilChanged(),
      ),
    overlay: (change) => {
      const base = good
      if (!base) return () => undefined
      const { whole } = base
      const current = overlay$.value
      lay(base, [...(current?.whole === whole ? current.changes : []), change])
      return () => {
        const overlay = overlay$.value
        if (overlay?.whole === whole)
          lay(
            base,
            overlay.changes.filter((each) => each !== change),
          )
      }
    },
  }
}
