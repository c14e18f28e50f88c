import { catchError, map, type Observable, throwError } from 'rxjs'
import { type Checkpoint, type Eventually } from './checkpoint.ts'
import { callable } from './checks.ts'
import { CheckpointFailed, CheckpointInvalid, CheckpointLocked } from './durable-error.ts'
import { eventually } from './eventually.ts'
import { isPosition, type Position } from './position.ts'

/** How a position is kept: in a column of a database, a key of a store, or wherever you like. */
export interface CheckpointFunctions {
  /** Gives what was saved last, or null or undefined if nothing was. */
  readonly load: () => Eventually<unknown>
  /** Keeps a position: plain JSON, which `load` gives back as it was. */
  readonly save: (position: Position) => Eventually<unknown>
  /** Called when the feed has ended and its last save is over. */
  readonly close?: (() => Eventually<unknown>) | undefined
  /** What errors call it. Default: "the checkpoint". */
  readonly name?: string | undefined
}

/**
 * A checkpoint from two functions, each of which may give a value, a Promise or an Observable. What `load` gives is checked:
 * anything but a position fails the feed with `CheckpointInvalid`, before anything is saved over it. A function that fails
 * does so with `CheckpointFailed`.
 *
 * @throws `InvalidArgument` if an argument is not a function.
 */
export const checkpointOf = ({
  load,
  save,
  close,
  name = 'the checkpoint',
}: CheckpointFunctions): Checkpoint => {
  callable('checkpointOf.load', load, false)
  callable('checkpointOf.save', save, false)
  callable('checkpointOf.close', close)
  const attempt = (step: CheckpointFailed['step'], run: () => Eventually<unknown>): Observable<unknown> =>
    eventually(run).pipe(
      catchError((cause: unknown) =>
        throwError(() => (isOurs(cause) ? cause : new CheckpointFailed({ source: name, step, cause }))),
      ),
    )
  return {
    load: () =>
      attempt('load', load).pipe(
        map((kept) => {
          if (kept === undefined || kept === null) return undefined
          if (isPosition(kept)) return kept
          throw new CheckpointInvalid({ source: name, reason: 'it has no { cursor }' })
        }),
      ),
    save: (position) => attempt('save', () => save(position)),
    close: () => attempt('close', close ?? (() => undefined)),
  }
}

const isOurs = (error: unknown): boolean =>
  error instanceof CheckpointInvalid || error instanceof CheckpointLocked || error instanceof CheckpointFailed
