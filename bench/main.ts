import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { type ClientName, clients } from './clients/names.ts'
import { type Measured } from './measured.ts'
import { type Profiled, toProfileTable } from './profile.ts'
import { report, type Result, toTable, type Turn } from './report.ts'
import { type Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'

/*
 * Every client in every scenario, each in a process of its own and in turns. `--quick` takes a minute and tells the
 * direction only; `--check` fails if a goal is missed; `--profile` says where the time of this library went, and leaves its
 * CPU profiles in temp/prof: its times count for nothing then.
 */
const { values: options } = parseArgs({
  options: {
    reps: { type: 'string' },
    only: { type: 'string', default: '' },
    json: { type: 'string', default: 'temp/bench.json' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
})
const turnsOf = Number(options.reps ?? (options.quick ? 1 : 5))

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const run = promisify(execFile)

/** Each measurement has a process of its own, so that no client runs on code that another has warmed or spoilt. */
const measured = async (client: ClientName, { name }: Scenario): Promise<Measured> => {
  const file = `temp/prof/${name.replace(/\W+/g, '-')}.cpuprofile`
  const env = options.profile && client === 'rx' ? { ...process.env, BENCH_PROFILE: file } : process.env
  const quick = options.quick ? ['quick'] : []
  const args = ['--expose-gc', path('client.js'), client, name, url, ...quick]
  const { stdout } = await run(process.execPath, args, { timeout: 300_000, env })
  return JSON.parse(stdout) as Measured
}

const server = fork(path('server.js'))
const [url] = (await once(server, 'message')) as [string]
const serverUs = async (): Promise<number> => {
  server.send('cpu')
  const [{ user, system }] = (await once(server, 'message')) as [NodeJS.CpuUsage]
  return user + system
}

/** In turns, and each time another one first: what the machine does meanwhile meets all alike. */
const turn = async (scenario: Scenario, i: number): Promise<Turn> => {
  const taking = clients.filter((client) => scenario.clients?.includes(client) ?? true)
  const found: Partial<Record<ClientName, Measured>> = {}
  let serverLoad = 0
  for (const client of [...taking.slice(i % taking.length), ...taking.slice(0, i % taking.length)]) {
    const [startedAt, before] = [performance.now(), await serverUs()]
    found[client] = await measured(client, scenario)
    if (client === 'rx') serverLoad = ((await serverUs()) - before) / 1_000 / (performance.now() - startedAt)
  }
  return { measured: found, serverLoad }
}

const chosen = scenarios.filter(({ name }) => name.includes(options.only))
if (chosen.length === 0) throw new Error(`no row is called ${options.only}`)
const results: Result[] = []
for (const scenario of chosen) {
  const turns: Turn[] = []
  for (let i = 0; i < turnsOf; i++) {
    turns.push(await turn(scenario, i))
    process.stderr.write('.')
  }
  process.stderr.write(` ${scenario.name}\n`)
  results.push(report(scenario, turns))
}
server.disconnect()

/** That of the last turn. */
const profileOf = ({ name, turns }: Result): [string, Profiled][] => {
  const profile = turns.at(-1)?.measured.rx?.profile
  return profile ? [[name, profile]] : []
}

console.log(toTable(results))
if (options.profile) console.log(`\n${toProfileTable(results.flatMap(profileOf))}`)
const { version: node } = process
await writeFile(
  options.json,
  JSON.stringify({ node, cpus: cpus().length, at: new Date().toISOString(), results }, null, 2),
)
if (results.some(({ correct }) => !correct)) {
  console.error('WRONG: messages were missing, or came in another order.')
  process.exitCode = 1
}
if (options.check) {
  const missed = results.flatMap(({ name, missed }) => missed.map((what) => `  ${name}: ${what}`))
  console.log(missed.length > 0 ? `Goals missed:\n${missed.join('\n')}` : 'All goals reached.')
  if (missed.length > 0) process.exitCode = 1
}
