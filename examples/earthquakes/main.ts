import { type Command, commandLine, help, UsageError } from './command-line.ts'
import { demo, Interrupted } from './demo.ts'
import { count } from './format.ts'
import { listen } from './listen.ts'
import { progress } from './progress.ts'

const FAILED = 1
const WRONG_USAGE = 2
const INTERRUPTED = 130

/** Gives the exit code; the process then ends by itself, since nothing is left open. */
const run = async (command: Command): Promise<number> => {
  const shown = progress(process.stderr, process.env['CI'] !== undefined)
  switch (command.type) {
    case 'help':
      console.log(help)
      return 0
    case 'demo': {
      const { text, problems } = await demo(command, shown)
      console.log(text)
      return problems.length === 0 ? 0 : FAILED
    }
    case 'listen': {
      shown.line(count(await listen(command, process.stdout, shown), 'message'))
      return 0
    }
  }
}

try {
  process.exitCode = await run(commandLine(process.argv.slice(2)))
} catch (error) {
  if (error instanceof Interrupted) {
    process.exitCode = INTERRUPTED
    console.error('Stopped before the end, so nothing is proved.')
  } else if (error instanceof UsageError) {
    process.exitCode = WRONG_USAGE
    console.error(`${error.message}\nnpm start -- --help shows what there is.`)
  } else {
    process.exitCode = FAILED
    console.error(error instanceof Error ? `${error.name}: ${error.message}` : error)
  }
}
