import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { type MakeBenchClient } from '../clients/bench-client.ts'
import { type Measured } from '../measured.ts'
import { fanIn } from '../measures/fan-in.ts'
import { median } from '../measures/median.ts'
import { CPU, fanIn as settings } from '../scenarios/fan-in.ts'

const TURNS = 9

/** The client of this library as a build for a target leaves it, with the same rxjs and `ws` for all targets. */
const clientFor = async (target: string): Promise<MakeBenchClient> => {
  const outfile = `temp/bench/rx-for-${target}.mjs`
  await build({
    entryPoints: ['temp/bench/clients/rx-phoenix.js'],
    outfile,
    bundle: true,
    target,
    format: 'esm',
    platform: 'node',
    external: ['rxjs', 'ws'],
    conditions: ['production'],
    logLevel: 'error',
  })
  const module = (await import(pathToFileURL(outfile).href)) as { readonly rxPhoenixClient: MakeBenchClient }
  return module.rxPhoenixClient
}

/** How much more CPU a message takes if the code is compiled for es2020: both in one process, in turns. */
export const slowerForEs2020 = async (n: number, url: string): Promise<Measured> => {
  const clients = { older: await clientFor('es2020'), newer: await clientFor('es2022') }
  const measured = async (target: keyof typeof clients): Promise<Measured> => {
    // A new one each time: the subscribers of a turn would hear the next one as well.
    const client = clients[target]({ url, watchRejoins: false })
    await client.open()
    const found = await fanIn(client, { ...settings, name: target, unit: CPU, n, goal: {} }, false)
    client.close()
    return found
  }
  const turn = async (first: keyof typeof clients): Promise<Measured> => {
    const one = await measured(first)
    const other = await measured(first === 'older' ? 'newer' : 'older')
    const ratio = one.value / other.value
    return { value: first === 'older' ? ratio : 1 / ratio, correct: one.correct && other.correct }
  }
  await turn('older') // for V8 to compile both
  const turns: Measured[] = []
  for (let i = 0; i < TURNS; i++) turns.push(await turn(i % 2 === 0 ? 'newer' : 'older'))
  return { value: median(turns.map(({ value }) => value)), correct: turns.every(({ correct }) => correct) }
}
