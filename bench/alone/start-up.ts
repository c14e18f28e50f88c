import { type ClientName } from '../clients/names.ts'
import { type Measured } from '../measured.ts'
import { median } from '../measures/median.ts'
import { took } from './took.ts'

/** What a process of Node does to have each of them. */
const programs: Readonly<Partial<Record<ClientName, string>>> = {
  raw: `import 'ws'`,
  phoenix: `import 'phoenix'`,
  supabase: `import '@supabase/realtime-js'`,
  rxws: `import 'rxjs/webSocket'`,
  rx: `import 'rx-phoenix'`,
}

/** The time of one program over that of another, in turns. */
const over = async (program: readonly string[], base: readonly string[], n: number): Promise<Measured> => {
  const differences: number[] = []
  for (let i = 0; i < n; i++) differences.push((await took(program)) - (await took(base)))
  return { value: median(differences), correct: true } // or it would have thrown
}

const esm = (program: string): readonly string[] => ['--input-type=module', '-e', program]
/** A program that does nothing. */
const BARE = esm('0')

export const imported = (client: ClientName, n: number): Promise<Measured> => {
  const program = programs[client]
  if (program === undefined) throw new Error(`${client} is no package`)
  return over(esm(program), BARE, n)
}

/** What this library adds to the packages that it loads. */
export const importedOverPeers = (n: number): Promise<Measured> =>
  over(esm(`import 'rx-phoenix'`), esm(`import 'rxjs'; import 'ws'`), n)

/** From the call of the command line to its first word. */
export const commandLine = (n: number): Promise<Measured> => over(['dist/cli.js', '--version'], BARE, n)
