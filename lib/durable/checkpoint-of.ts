import { catchError, map, type Observable, throwError } from 'rxjs'
import { type Checkpoint, type Eventually } from './checkpoint.ts'
import { callable } from './checks.ts'
import { CheckpointFailed, CheckpointInvalid, CheckpointLocked } from './durable-error.ts'
import { eventually } from './eventually.ts'
import { isPosition, type Position } from './position.ts'

/** How a position is stored: in a column of a database, under a key of a store, or wherever you like. */
export interface CheckpointFunctions {
  /** Returns what was saved last; null or undefined if nothing was. */
  readonly load: () => Eventually<unknown>
  /** Stores a position: plain JSON, which `load` must return unchanged. */
  readonly save: (position: Position) => Eventually<unknown>
  /** Called when the feed has ended, after its last save. */
  readonly close?: (() => Eventually<unknown>) | undefined
  /** Its name in error messages. Default: "the checkpoint". */
  readonly name?: string | undefined
}

/**
 * Makes a checkpoint from two functions, each of which may return a value, a Promise or an Observable. Of an Observable, `load`
 * takes the first value; `save` and `close` wait until it completes. If `load` returns anything but a position, the feed errors
 * with `CheckpointInvalid` and nothing is overwritten. If a function fails, the feed errors with `CheckpointFailed`.
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
