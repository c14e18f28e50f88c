import { type Command } from 'commander'
import { joining } from '../connection-flags.ts'
import { type Run } from '../context.ts'
import type { RecordFlags } from './record.ts'

export const recordCommand = (root: Command, run: Run): void => {
  const command = root
    .command('record')
    .description('print every frame of a session, for replay and for tests')
    .argument('<url>', 'mount point of the socket')
    .argument('<topic...>', 'topics to join')
  joining(command)
    .addHelpText('after', EXAMPLES)
    .action((url: string, topics: readonly string[], flags: RecordFlags) =>
      run(flags, async (context) => {
        const { record } = await import('./record.ts')
        return record(url, topics, flags, context)
      }),
    )
}

const EXAMPLES = `
The query, tokens, and the values of keys that look like credentials are left out. Look at it before you share it.

Examples:
  $ rx-phoenix record wss://example.com/socket room:lobby > session.ndjson
  $ rx-phoenix replay session.ndjson`
