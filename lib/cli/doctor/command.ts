import { type Command } from 'commander'
import { connecting, joinPayload } from '../connection-flags.ts'
import { type Run } from '../context.ts'
import { number } from '../read-argument.ts'
import type { DoctorFlags } from './doctor.ts'

export const doctorCommand = (root: Command, run: Run): void => {
  const command = root
    .command('doctor')
    .description('diagnose a connection: what is wrong, why, and what to do')
    .argument('<url>', 'mount point of the socket')
    .option('-t, --topic <topic>', 'join this topic too')
    .option(
      '--idle <seconds>',
      'stay silent for this long, to see which side ends the connection',
      number('--idle', 1, 3600),
    )
    .option('--json', 'print findings as lines of JSON')
  connecting(joinPayload(command))
    .addHelpText('after', EXAMPLES)
    .action((url: string, flags: DoctorFlags) =>
      run(flags, async (context) => {
        const { doctor } = await import('./doctor.ts')
        return doctor(url, flags, context)
      }),
    )
}

const EXAMPLES = `
Looks at the URL, DNS, TCP, TLS, the path, the answer to the upgrade (and which of origin, version, params and token it
depends on), heartbeats, versions of the protocol, origins, and long polling. Exits with 1 if it found a problem.

Examples:
  $ rx-phoenix doctor wss://example.com/socket --token-env TOKEN --header origin=https://app.example.com
  $ rx-phoenix doctor ws://localhost:4000/socket --topic room:lobby --idle 90 --json`
