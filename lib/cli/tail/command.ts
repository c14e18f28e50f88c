import { type Command } from 'commander'
import { joining } from '../connection-flags.ts'
import { counting } from '../counting.ts'
import { type Run } from '../context.ts'
import { UsageError } from '../exit-code.ts'
import { several } from '../read-argument.ts'
import { type Cursor, readCursor } from './cursors.ts'
import type { TailFlags } from './tail.ts'

export const tailCommand = (root: Command, run: Run): void => {
  const command = root
    .command('tail')
    .description('print what topics send, one line of JSON each')
    .argument('<url>', 'mount point of the socket')
    .argument('<topic...>', 'topics to join')
    .option('-e, --event <name>', 'print only this event; repeatable', several)
  counting(command)
    .optionsGroup('Resuming:')
    .option('--resume <file>', 'keep the position in this file: the next run continues after the last line')
    .option('--since <cursor>', 'start after the cursor of a printed line', cursor)
    .option('--cursor-key <key>', 'where payloads have their id: a key, or a JSON Pointer', 'id')
    .option('--since-param <key>', 'the join param that takes the cursor', 'last_seen_id')
  joining(command)
    .addHelpText('after', EXAMPLES)
    .action((url: string, topics: readonly string[], flags: TailFlags) =>
      run(flags, async (context) => {
        const { tail } = await import('./tail.ts')
        return tail(url, topics, flags, context)
      }),
    )
}

const cursor = (text: string): Cursor => {
  const read = readCursor(text)
  if (read === undefined)
    throw new UsageError(
      '--since takes the cursor of a printed line: an id, or a JSON object of ids by topic.',
    )
  return read
}

const EXAMPLES = `
Examples:
  $ rx-phoenix tail ws://localhost:4000/socket room:lobby
  $ rx-phoenix tail wss://example.com/socket room:lobby --event new_msg --token-env TOKEN | jq .payload.body
  $ rx-phoenix tail ws://localhost:4000/socket room:lobby --event new_msg --resume lobby.position >> log.ndjson
  $ rx-phoenix tail ws://localhost:4000/socket room:lobby --since "$(tail -n 1 log.ndjson | jq -c .cursor)" >> log.ndjson`
