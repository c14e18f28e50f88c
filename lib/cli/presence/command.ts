import { type Command } from 'commander'
import { joining } from '../connection-flags.ts'
import { counting } from '../counting.ts'
import { type Run } from '../context.ts'
import type { PresenceFlags } from './presence.ts'

export const presenceCommand = (root: Command, run: Run): void => {
  const command = root
    .command('presence')
    .description('show who is online: a live table on a terminal, otherwise changes as lines of JSON')
    .argument('<url>', 'mount point of the socket')
    .argument('<topic>', 'topic to join')
    .option('--json', 'print lines of JSON on a terminal too')
  joining(counting(command))
    .addHelpText('after', EXAMPLES)
    .action((url: string, topic: string, flags: PresenceFlags) =>
      run(flags, async (context) => {
        const { presence } = await import('./presence.ts')
        return presence(url, topic, flags, context)
      }),
    )
}

const EXAMPLES = `
Examples:
  $ rx-phoenix presence ws://localhost:4000/socket room:lobby
  $ rx-phoenix presence ws://localhost:4000/socket room:lobby | jq -r 'select(.change == "join").key'`
