import { type Command } from 'commander'
import { joining } from '../connection-flags.ts'
import { type Run } from '../context.ts'
import { whole } from '../read-argument.ts'
import type { PipeFlags } from './pipe.ts'

export const pipeCommand = (root: Command, run: Run): void => {
  const command = root
    .command('pipe')
    .description('push each line of standard input: JSON, or text with --text')
    .argument('<url>', 'mount point of the socket')
    .argument('<topic>', 'topic to join')
    .argument('<event>', 'event to push')
    .option(
      '-c, --concurrency <n>',
      'pushes in flight; 1 keeps their order',
      whole('--concurrency', 1, 10_000),
      32,
    )
    .option('--text', 'push each line as text: {"text": line}')
    .option('--key <name>', 'key for the text instead of "text"; implies --text')
    .option('--push-retries <n>', 'how often to retry a push (default: 3)', whole('--push-retries', 0))
    .option('--at-most-once', 'never retry a push that may have arrived')
    .option('--dead-letters <file>', 'append what could not be delivered to this file')
    .option('--replies', 'print the replies, with the number of their line')
    .option('--no-reply', 'do not wait for a reply: the server sends none for this event')
    .optionsGroup('Going on after a crash:')
    .option(
      '--outbox <folder>',
      'keep lines on disk until the server has replied; needs the package classic-level',
    )
    .option(
      '--line-key <key>',
      'where a line has its own key: a key, or a JSON Pointer (default: idempotency_key)',
    )
  joining(command)
    .addHelpText('after', EXAMPLES)
    .action((url: string, topic: string, event: string, flags: PipeFlags) =>
      run(flags, async (context) => {
        const { pipe } = await import('./pipe.ts')
        return pipe(url, topic, event, flags, context)
      }),
    )
}

const EXAMPLES = `
A signal ends it within 2 seconds: it waits a moment for the answers that are due, and what was not sent or not answered
goes to the dead letters, or stays in the outbox.

Exit codes: 0 all delivered, 5 some lines were not; 3 not connected, 4 not joined; 130 Ctrl-C, 143 SIGTERM.

Examples:
  $ rx-phoenix pipe ws://localhost:4000/socket room:lobby new_msg < messages.ndjson
  $ rx-phoenix pipe ws://localhost:4000/socket room:lobby new_msg --dead-letters dead.ndjson < messages.ndjson
  $ journalctl -f | rx-phoenix pipe ws://localhost:4000/socket room:log new_msg --key body
  $ rx-phoenix pipe ws://localhost:4000/socket room:lobby new_msg --outbox ./outbox < orders.ndjson
  $ jq -c .input dead.ndjson | rx-phoenix pipe ws://localhost:4000/socket room:lobby new_msg`
