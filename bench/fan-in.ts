import { fork, execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { type Measured } from './measure.ts'
import { clients, type ClientName, report, type Result, toTable } from './report.ts'
import { type Scenario, scenarios } from './scenarios.ts'

const { values: options } = parseArgs({
  options: {
    reps: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    json: { type: 'string', default: 'temp/bench.json' },
    profile: { type: 'boolean', default: false },
  },
})

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const run = promisify(execFile)

/** Each measurement has a process of its own, so that no client runs on code that another has warmed or spoilt. */
const measured = async (client: ClientName, scenario: Scenario, url: string): Promise<Measured> => {
  const flags = [
    '--expose-gc',
    ...(options.profile && client === 'rx' ? ['--cpu-prof', '--cpu-prof-dir=temp/prof'] : []),
  ]
  const { stdout } = await run(process.execPath, [...flags, path('client.js'), client, scenario.name, url], {
    timeout: 300_000,
  })
  return JSON.parse(stdout) as Measured
}

const server = fork(path('server.js'))
const [url] = (await once(server, 'message')) as [string]
const results: Result[] = []
for (const scenario of scenarios.filter(({ name }) => name.includes(options.only))) {
  const runs: Record<ClientName, Measured>[] = []
  for (let i = 0; i < Number(options.reps); i++) {
    const one: Partial<Record<ClientName, Measured>> = {}
    // In turns, and each time another one first: what the machine does meanwhile meets all alike.
    for (const client of [...clients.slice(i % clients.length), ...clients.slice(0, i % clients.length)])
      one[client] = await measured(client, scenario, url)
    runs.push(one as Record<ClientName, Measured>)
    process.stderr.write('.')
  }
  process.stderr.write(` ${scenario.name}\n`)
  results.push(report(scenario, runs))
}
server.disconnect()

console.log(toTable(results))
await writeFile(
  options.json,
  JSON.stringify(
    { node: process.version, cpus: cpus().length, at: new Date().toISOString(), results },
    null,
    2,
  ),
)
if (results.some(({ correct }) => !correct)) {
  console.error('WRONG: messages were missing, or came in another order.')
  process.exitCode = 1
}
