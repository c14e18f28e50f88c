import { type Command } from 'commander'
import { type Run } from '../context.ts'
import { whole } from '../read-argument.ts'
import type { ServeFlags } from './serve.ts'

export const serveCommand = (root: Command, run: Run): void => {
  root
    .command('serve')
    .description('run a server with a demo application: chat, presence, a clock and live states')
    .option('-p, --port <n>', 'port to listen on; 0: a free one', whole('--port', 0, 65_535), 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('-q, --quiet', 'only failures on standard error')
    .addHelpText('after', HELP)
    .action((flags: ServeFlags) =>
      run(flags, async (context) => {
        const { serve } = await import('./serve.ts')
        return serve(flags, context)
      }),
    )
}

const HELP = `
Prints {"url":…}, the mount point, once it listens. The topics:
  room:*      push new_msg: all get it, with an id and your name (join param "name"); echo: comes back;
              resumes by last_seen_id; has presence
  clock:*     a tick each second
  counter:*   a live state (--dialect live-state): seconds, and the event "click"
  seance:*    the same (--dialect seance)

Examples:
  $ rx-phoenix serve --port 4000
  $ rx-phoenix tail ws://localhost:4000/socket clock:utc`
