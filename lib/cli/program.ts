import { Command } from 'commander'
import { version } from '../../package.json'
import { type Run } from './context.ts'
import { doctorCommand } from './doctor/command.ts'
import { inspectCommand } from './inspect/command.ts'
import { pipeCommand } from './pipe/command.ts'
import { presenceCommand } from './presence/command.ts'
import { pushCommand } from './push/command.ts'
import { recordCommand } from './record/command.ts'
import { replayCommand } from './replay/command.ts'
import { serveCommand } from './serve/command.ts'
import { stateCommand } from './state/command.ts'
import { tailCommand } from './tail/command.ts'

/** The command line: what there is, and how it is called. */
export const program = (run: Run): Command => {
  const root = new Command('rx-phoenix')
    .description(
      'Phoenix Channels on the command line. URL is the mount point of a socket, such as wss://host/socket.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('See --help.')
    .addHelpText('after', FOOTER)
  for (const add of [
    tailCommand,
    pushCommand,
    pipeCommand,
    presenceCommand,
    stateCommand,
    recordCommand,
    replayCommand,
    inspectCommand,
    serveCommand,
    doctorCommand,
  ])
    add(root, run)
  return root
}

const FOOTER = `
Data goes to standard output, one line of JSON each; states, progress and errors go to standard error. Secrets are
taken from the environment (--token-env, --param-env, --join-param-env, --header-env) and never printed.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not connected, 4 not joined, 5 not pushed;
ended by a signal, 128 and its number: 130 is Ctrl-C.

  $ rx-phoenix serve &
  $ rx-phoenix tail ws://localhost:4000/socket room:lobby | jq .payload`
