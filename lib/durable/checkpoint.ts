import { type Observable } from 'rxjs'
import { type Position } from './position.ts'

/** A result now or later: a value, a Promise, or an Observable. */
export type Eventually<T> = T | PromiseLike<T> | Observable<T>

/**
 * Where the position of one feed is stored. A feed loads the position when it starts, saves it while it runs, one save at a
 * time, and closes the checkpoint when it ends. An Observable that `load` returns counts with its first value (none means that
 * nothing is stored); one of `save` or `close` counts when it completes.
 */
export interface Checkpoint {
  /**
   * Returns the last saved position; undefined before the first save. Fails with `CheckpointInvalid`, `CheckpointLocked` or
   * `CheckpointFailed`.
   */
  load(): Eventually<Position | undefined>
  /** Replaces the stored position. */
  save(position: Position): Eventually<unknown>
  /** Called when the feed has ended, after its last save. */
  close(): Eventually<unknown>
}
