import { type Command } from 'commander'
import { type Run } from '../context.ts'
import { number, whole } from '../read-argument.ts'
import type { ReplayFlags } from './replay.ts'

export const replayCommand = (root: Command, run: Run): void => {
  root
    .command('replay')
    .description('serve a recorded session: the same joins, messages and replies at the same times')
    .argument('<file>', 'the output of record; - for standard input')
    .option('-p, --port <n>', 'port to listen on; 0: a free one', whole('--port', 0, 65_535), 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--speed <factor>', 'how many times faster; 0: as fast as possible', number('--speed', 0), 1)
    .option('-q, --quiet', 'only failures on standard error')
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: ReplayFlags) =>
      run(flags, async (context) => {
        const { replay } = await import('./replay.ts')
        return replay(file, flags, context)
      }),
    )
}

const EXAMPLES = `
Prints {"url":…}, the mount point, once it listens. Each topic is replayed from its join on, to each client that joins.

Examples:
  $ rx-phoenix replay session.ndjson --port 4000 --speed 10
  $ rx-phoenix tail ws://localhost:4000/socket room:lobby`
