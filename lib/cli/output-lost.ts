import { fstatSync } from 'node:fs'
import { fromEvent, map, merge, type Observable } from 'rxjs'
import { DONE, FAILED } from './exit-code.ts'

const STDOUT = 1
const STDERR = 2

/**
 * The exit code when the output cannot be written: DONE if its reader has closed it, as with `| head -1`, FAILED for a
 * full disk. Never completes. Standard error counts where it shares a pipe with standard output (`2>&1 | head -1`).
 */
export const outputLost = (): Observable<number> =>
  merge(fromEvent(process.stdout, 'error'), ...(isShared() ? [fromEvent(process.stderr, 'error')] : [])).pipe(
    map((error) => exitCodeOfLoss(error as NodeJS.ErrnoException)),
  )

/** What the process ends with when standard output fails so. */
export const exitCodeOfLoss = (error: NodeJS.ErrnoException): number => {
  if (error.code === 'EPIPE') return DONE
  process.stderr.write(`Standard output: ${error.message}\n`)
  return FAILED
}

/** Whether both outputs lead to one place. */
const isShared = (): boolean => {
  const [out, err] = [fstatSync(STDOUT), fstatSync(STDERR)]
  return out.dev === err.dev && out.ino === err.ino
}
