import { type Either, isRight } from 'fp-ts/Either'
import { BehaviorSubject, combineLatest, distinctUntilChanged, filter, map, type Observable } from 'rxjs'
import { type LiveStateFold } from './live-state-fold.ts'
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
  /** The last one that was decoded, or turned down. */
  readonly whole: Whole
  readonly state: S
}

/** The states of a server as its readers see them: decoded, once for all of them, and under an overlay. */
export class ShownState<S> {
  readonly #decode: (state: unknown) => Either<unknown, S>
  readonly #overlay$: BehaviorSubject<Overlay<S> | undefined> = new BehaviorSubject<Overlay<S> | undefined>(
    undefined,
  )
  #good: Good<S> | undefined

  constructor(decode: (state: unknown) => Either<unknown, S>) {
    this.#decode = decode
  }

  /** The current state, if there is one, and each that differs from the last one. */
  of(fold: LiveStateFold): Observable<S> {
    return combineLatest([fold.versioned$, this.#overlay$]).pipe(
      map(([{ whole }]) => (whole ? this.#show(fold, whole) : undefined)),
      filter((shown) => shown !== undefined),
      map(({ state }) => state),
      distinctUntilChanged(),
    )
  }

  /**
   * Shows a change of the current state until the server has a new one.
   *
   * @returns takes the change back.
   */
  overlay(change: Change<S>): () => void {
    const good = this.#good
    if (!good) return () => undefined
    const { whole } = good
    const current = this.#overlay$.value
    this.#lay(good, [...(current?.whole === whole ? current.changes : []), change])
    return () => {
      const overlay = this.#overlay$.value
      if (overlay?.whole === whole)
        this.#lay(
          good,
          overlay.changes.filter((each) => each !== change),
        )
    }
  }

  #lay({ whole, state }: Good<S>, changes: readonly Change<S>[]): void {
    const shown = changes.reduce((changed, change) => change(changed), state)
    this.#overlay$.next({ whole, changes, state: shown })
  }

  #show(fold: LiveStateFold, whole: Whole): { readonly state: S } | undefined {
    const overlay = this.#overlay$.value
    return overlay?.whole === whole ? overlay : this.#decoded(fold, whole)
  }

  #decoded(fold: LiveStateFold, whole: Whole): Good<S> | undefined {
    const last = this.#good?.fold === fold ? this.#good : undefined
    if (last?.whole === whole) return last
    const decoded = this.#decode(whole.state)
    if (isRight(decoded)) return (this.#good = { fold, whole, state: decoded.right })
    // The last good state stays. Told later than remembered, since the repair may bring the next state at once.
    this.#good = last && { ...last, whole }
    fold.refuse(whole, decoded.left)
    return last
  }
}
