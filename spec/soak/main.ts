import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { catchError, concatMap, defer, EMPTY, interval, tap } from 'rxjs'
import { phoenixSocket, type SocketOptions, steppedBackoff } from '../../lib/index.ts'
import { random } from '../support/random.ts'
import { load } from './load.ts'
import { report } from './report.ts'
import { type Sample, summary } from './sampler.ts'
import { serverProcess } from './server-process.ts'

/*
 * `npm run soak -- --minutes 20 --out docs/soak.md`: one client that joins, pushes, leaves and reconnects as fast as it
 * can, on the embedded server in another process, and what this does to its heap, its handles and its latency.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    samples: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
})
const minutes = Number(values.minutes)
const sampleMs = (minutes * 60_000) / Number(values.samples)
const KILL_MS = 3_000
const PROBE_MS = 20

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const server = await serverProcess()
const counters = { joins: 0, pushes: 0, failed: 0, events: 0 }
let connections = 0
let latencies: number[] = []
const options: SocketOptions = {
  params: { user_id: 'soak' },
  reconnect: steppedBackoff([5], 20),
  rejoin: steppedBackoff([5], 20),
  heartbeatIntervalMs: 1_000,
}
const main = phoenixSocket(`${server.url}/socket`, options)
const live = phoenixSocket(`${server.url}/live_state`, options)
const running = load({ main, live }, 20, random(Number(values.seed)), counters).subscribe()
running.add(main.subscribe(({ status }) => (connections += status === 'open' ? 1 : 0)))
const probe$ = defer(() => {
  const sentAt = performance.now()
  return main
    .channel('room:soak-probe')
    .push('echo', {})
    .pipe(tap(() => latencies.push(performance.now() - sentAt)))
})
running.add(main.channel('room:soak-probe').subscribe())
running.add(
  interval(PROBE_MS)
    .pipe(concatMap(() => probe$.pipe(catchError(() => EMPTY))))
    .subscribe(),
)
const kills = setInterval(() => {
  // All connections of this user: both sockets come back.
  void fetch(`${server.url.replace(/^ws/, 'http')}/ctl/kill_socket?user=soak`, { method: 'POST', body: '{}' })
    .then((response) => response.text())
    .catch(() => undefined)
}, KILL_MS)

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }
const versions = `rx-phoenix ${version}, Node ${process.version}`
const startedAt = performance.now()
const samples: Sample[] = []
while (performance.now() - startedAt < minutes * 60_000) {
  await sleep(sampleMs)
  collectGarbage()
  const { heapUsed, rss } = process.memoryUsage()
  samples.push({
    minutes: (performance.now() - startedAt) / 60_000,
    heapBytes: heapUsed,
    rssBytes: rss,
    handles: process.getActiveResourcesInfo().length,
    pushes: counters.pushes,
    joins: counters.joins,
    connections,
    ...summary(latencies),
  })
  latencies = []
  if (values.out !== undefined) writeFileSync(values.out, report(samples, versions, new Date()))
}
clearInterval(kills)
running.unsubscribe()
const text = report(samples, versions, new Date())
console.log(text)
console.log(
  `${counters.failed} pushes failed with the connections that were cut; ${counters.events} events came.`,
)
server.stop()
