import { DEV } from '../protocol/dev.ts'
import { type Observable } from 'rxjs'
import { InvalidArgument } from '../protocol/invalid-argument.ts'

/**
 * The key under which `optimistic` reaches a live state. Not in its public type: declarations that are bundled lose a
 * symbol that stands only in the name of a member.
 */
export const OVERLAY: unique symbol = Symbol.for('rx-phoenix overlay')

/** A live state, as `optimistic` sees it. */
export interface Overlaid<S> {
  /** Shows a change until the function that is returned is called, or the next version of the server comes. */
  [OVERLAY](change: (state: S) => S): () => void
}

/** The side of a live state that its public type does not show. Throws `InvalidArgument` if it has none. */
export const overlaid = <S>(state: Observable<S>): Overlaid<S> => {
  if (!(OVERLAY in Object(state)))
    throw new InvalidArgument('state', state, DEV && 'pass a live state made by liveState().')
  return state as Observable<S> & Overlaid<S>
}
