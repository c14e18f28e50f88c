import { type Command } from 'commander'
import { joining } from '../connection-flags.ts'
import { type Run } from '../context.ts'
import type { PushFlags } from './push.ts'

export const pushCommand = (root: Command, run: Run): void => {
  const command = root
    .command('push')
    .description('push one event and print the response')
    .argument('<url>', 'mount point of the socket')
    .argument('<topic>', 'topic to join')
    .argument('<event>', 'event to push')
    .argument('[payload]', 'JSON, or - for standard input (default: {})')
    .option('--no-reply', 'do not wait for a reply: the server sends none for this event')
    .option('--binary', 'push the bytes of standard input')
  joining(command, '0')
    .addHelpText('after', EXAMPLES)
    .action((url: string, topic: string, event: string, payload: string | undefined, flags: PushFlags) =>
      run(flags, async (context) => {
        const { push } = await import('./push.ts')
        return push(url, topic, event, payload, flags, context)
      }),
    )
}

const EXAMPLES = `
Examples:
  $ rx-phoenix push ws://localhost:4000/socket room:lobby new_msg '{"body":"hello"}'
  $ jq -n '{body: "hello"}' | rx-phoenix push ws://localhost:4000/socket room:lobby new_msg -`
