import { type Observable } from 'rxjs'
import { type Position } from './position.ts'

/** A result now or later. */
export type Eventually<T> = T | PromiseLike<T> | Observable<T>

/**
 * A place that keeps the position of one feed. A feed loads it when it starts, saves to it while it runs, one save at a
 * time, and closes it when it ends.
 */
export interface Checkpoint {
  /** What was kept last; undefined if nothing was. Fails with a `CheckpointInvalid`, `CheckpointLocked` or `CheckpointFailed`. */
  load(): Eventually<Position | undefined>
  /** Keeps a position in place of the one before. */
  save(position: Position): Eventually<unknown>
  /** The feed has ended, and its last save is over. */
  close(): Eventually<unknown>
}
