import { type Print } from './print-line.ts'
import type { Task } from './run-task.ts'
import { type Status } from './status.ts'

/** Where a command prints data, and where it reports progress. */
export interface Context {
  readonly status: Status
  readonly print: Print
}

/** Runs the task of a command. What is behind it is loaded then and not before, so that `--help` is quick. */
export type Run = (
  flags: { readonly quiet?: boolean },
  load: (context: Context) => Promise<Task>,
) => Promise<void>
