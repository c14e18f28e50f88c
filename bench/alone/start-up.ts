import { spawnSync } from 'node:child_process'
import { type ClientName } from '../clients/names.ts'
import { median, type Measured } from '../measure.ts'

/** What a process of Node does to have each of them. */
const programs: Readonly<Partial<Record<ClientName, string>>> = {
  raw: `import 'ws'`,
  phoenix: `import 'phoenix'`,
  supabase: `import '@supabase/realtime-js'`,
  rxws: `import 'rxjs/webSocket'`,
  rx: `import 'rx-phoenix'`,
}

const took = (args: readonly string[]): number => {
  const startedAt = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return performance.now() - startedAt
}

/** The time of a program over that of one that does nothing, in turns. */
const overBare = (args: readonly string[], n: number): Measured => {
  const bare = ['--input-type=module', '-e', '0']
  const over = Array.from({ length: n }, () => took(args) - took(bare))
  return { value: median(over), correct: true } // or it would have thrown
}

export const imported = (client: ClientName, n: number): Measured => {
  const program = programs[client]
  if (program === undefined) throw new Error(`${client} is no package`)
  return overBare(['--input-type=module', '-e', program], n)
}

/** From the call of the command line to its first word. */
export const commandLine = (n: number): Measured => overBare(['dist/cli.js', '--version'], n)
