import { type Command } from 'commander'
import { joining } from '../connection-flags.ts'
import { type Run } from '../context.ts'
import { whole } from '../read-argument.ts'
import type { InspectFlags } from './inspect.ts'

export const inspectCommand = (root: Command, run: Run): void => {
  const command = root
    .command('inspect')
    .description('watch a socket in the browser, as live marble diagrams, and push by hand')
    .argument('<url>', 'mount point of the socket; with --output a recorded session')
    .argument('[topic...]', 'topics to join')
    .option(
      '-p, --port <n>',
      'port of this machine for the page; 0: a free one',
      whole('--port', 0, 65_535),
      0,
    )
    .option('--no-open', 'print the address and do not open the browser')
    .option('-o, --output <file>', 'write a page with the session, which needs no server, and end')
  joining(command)
    .addHelpText('after', HELP)
    .action((url: string, topics: readonly string[], flags: InspectFlags) =>
      run(flags, async (context) => {
        const { inspect } = await import('./inspect.ts')
        return inspect(url, topics, flags, context)
      }),
    )
}

const HELP = `
Prints {"url":…}, the address of the page, once it is served. The page joins and leaves topics, pushes events, and shows
presence and live state. Only this machine can open it, and only with that address, which is a new one each time.
Tokens and other secrets stay in this process: the page gets what traces show, with credentials redacted.

Examples:
  $ rx-phoenix inspect ws://localhost:4000/socket room:lobby
  $ rx-phoenix inspect session.ndjson --output page.html`
