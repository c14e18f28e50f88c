#!/usr/bin/env node
import { CommanderError } from 'commander'
import { type Run } from './context.ts'
import { describeError } from './describe-error.ts'
import { DONE, exitCodeOf, WRONG_USAGE } from './exit-code.ts'
import { printOn } from './print-line.ts'
import { program } from './program.ts'
import { statusOn } from './status.ts'

const run: Run = async ({ quiet }, load) => {
  const status = statusOn(process.stderr, process.env, quiet)
  const [{ runTask }, task$] = await Promise.all([
    import('./run-task.ts'),
    load({ status, print: printOn(process.stdout) }),
  ])
  // Set, and not called: the process ends by itself when the connection is closed, since nothing is left open.
  process.exitCode = await runTask(task$)
}

// A reader that has gone must not end the process with a stack trace; runTask sees to the end.
process.stderr.on('error', () => undefined)

try {
  await program(run).parseAsync()
} catch (error) {
  // Commander has told its own already.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? DONE : WRONG_USAGE
  else {
    statusOn(process.stderr, process.env).tell(describeError(error), 'bad')
    process.exitCode = exitCodeOf(error)
  }
}
