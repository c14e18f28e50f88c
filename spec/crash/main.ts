import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { Lane } from './lane.ts'
import { ledgerServer } from './ledger.ts'

/**
 * Kills processes that write with an outbox and read with a feed, at random times, until there were enough kills. Then
 * each order must have been applied once and in order, and no checkpoint may ever have been ahead.
 *
 *     npm run test:crash -- --kills 2000 --seed 7
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: `${Date.now() & 0x7fffffff}` },
    lanes: { type: 'string', default: '3' },
  },
})
const [kills, seed, lanes] = [Number(values.kills), Number(values.seed), Number(values.lanes)]

/** Mulberry32: the same numbers for the same seed. */
const randomFrom = (start: number): (() => number) => {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const temp = here('../../temp')
await mkdir(temp, { recursive: true })
// In the project, so that the programs find its packages.
const folder = await mkdtemp(join(temp, 'crash-'))
console.log(`seed ${seed}: ${kills} kills in ${lanes} lanes`)
await build({
  entryPoints: [here('writer.ts'), here('reader.ts')],
  outdir: folder,
  bundle: true,
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.js' },
  conditions: ['rx-phoenix-source', 'node'],
  external: ['classic-level', 'ws', 'rxjs'],
  logLevel: 'warning',
})

const topics = Array.from({ length: lanes }, (_, n) => `lane:${n}`)
const { server, ledgers } = await ledgerServer(topics)
const random = randomFrom(seed)
const startedAt = performance.now()
const all = topics.map(
  (topic, n) =>
    new Lane({
      url: `${server.url}/socket`,
      topic,
      folder: join(folder, `${n}`),
      programs: folder,
      ledger: ledgers.get(topic) ?? { orders: [], applied: [] },
      random,
    }),
)
for (const n of topics.keys()) await mkdir(join(folder, `${n}`))
const killed = (): number => all.reduce((sum, lane) => sum + lane.kills, 0)
const problems = (): readonly string[] => all.flatMap((lane) => lane.problems)
// The line is cut now and then as well.
const cuts = setInterval(() => {
  const open = [...server.connections()]
  open[Math.floor(random() * open.length)]?.kill()
}, 400)
await Promise.all(all.map((lane) => lane.run(() => killed() >= kills || problems().length > 0)))
clearInterval(cuts)
await Promise.all(all.map((lane) => lane.finish()))
await server.close()

const orders = all.reduce((sum, lane) => sum + lane.orders, 0)
const applied = [...ledgers.values()].reduce((sum, ledger) => sum + ledger.applied.length, 0)
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
console.log(`${killed()} kills, ${orders} orders reported as stored, ${applied} applied, ${seconds} s`)
for (const problem of problems()) console.error(`WRONG: ${problem}`)
if (problems().length > 0) process.exitCode = 1
else {
  console.log('OK: each order was applied once and in order, and no checkpoint was ever ahead.')
  await rm(folder, { recursive: true })
}
