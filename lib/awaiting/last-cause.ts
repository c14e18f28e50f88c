import { type MonoTypeOperatorFunction, tap } from 'rxjs'

/** Remembers why the last attempt failed, for the error of a wait that times out. */
export const lastCause = <S extends object>(): {
  readonly noted: MonoTypeOperatorFunction<S>
  readonly cause: () => Error | undefined
} => {
  let last: Error | undefined
  return {
    noted: tap((state) => {
      if ('cause' in state && state.cause instanceof Error) last = state.cause
    }),
    cause: () => last,
  }
}
