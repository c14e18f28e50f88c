#!/usr/bin/env node
import { CommanderError } from 'commander'
import { type Run } from './context.ts'
import { describeError } from './describe-error.ts'
import { DONE, exitCodeOf, WRONG_USAGE } from './exit-code.ts'
import { exitCodeOfLoss } from './output-lost.ts'
import { printOn } from './print-line.ts'
import { program } from './program.ts'
import { statusOn } from './status.ts'

let runs = false

const run: Run = async ({ quiet }, load) => {
  runs = true
  const status = statusOn(process.stderr, process.env, quiet)
  const [{ runTask }, task$] = await Promise.all([
    import('./run-task.ts'),
    load({ status, print: printOn(process.stdout) }),
  ])
  // Set, and not called: the process ends by itself when the connection is closed, since nothing is left open.
  process.exitCode = await runTask(task$)
}

// If the reader of an output has gone, as with `| head -1`, no stack trace may follow. A command is ended by `runTask`;
// help and the version have nothing left to end.
process.stderr.on('error', () => undefined)
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!runs) process.exitCode = exitCodeOfLoss(error)
})

try {
  await program(run).parseAsync()
} catch (error) {
  // Commander has already printed its own errors.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? DONE : WRONG_USAGE
  else {
    statusOn(process.stderr, process.env).tell(describeError(error), 'bad')
    process.exitCode = exitCodeOf(error)
  }
}
