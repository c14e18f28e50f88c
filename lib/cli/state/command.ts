import { type Command, Option } from 'commander'
import { joining } from '../connection-flags.ts'
import { counting } from '../counting.ts'
import { type Run } from '../context.ts'
import { whole } from '../read-argument.ts'
import type { StateFlags } from './state.ts'

export const stateCommand = (root: Command, run: Run): void => {
  const command = root
    .command('state')
    .description('print the state of a LiveState or Seance server, one line of JSON for each version')
    .argument('<url>', 'mount point of the socket')
    .argument('<topic>', 'topic to join')
    .addOption(
      new Option('--dialect <name>', 'protocol of the server')
        .choices(['live-state', 'seance'])
        .default('live-state'),
    )
    .option('--patches', 'print JSON Patches between snapshots, instead of whole states')
    .option('--select <pointer>', 'print a part of the state, by JSON Pointer, whenever it changes')
    .option(
      '--max-version <n>',
      'the version after which 0 follows (default: learnt)',
      whole('--max-version', 1),
    )
  joining(counting(command))
    .addHelpText('after', EXAMPLES)
    .action((url: string, topic: string, flags: StateFlags) =>
      run(flags, async (context) => {
        const { state } = await import('./state.ts')
        return state(url, topic, flags, context)
      }),
    )
}

const EXAMPLES = `
Examples:
  $ rx-phoenix state ws://localhost:4000/socket counter:1
  $ rx-phoenix state ws://localhost:4000/socket seance:1 --dialect seance --patches
  $ rx-phoenix state ws://localhost:4000/socket counter:1 --select /seconds`
