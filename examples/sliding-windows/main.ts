import { lastValueFrom } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { type Activity, arrivals, startServer } from './server.ts'
import { startsOf } from './sliding-windows.ts'
import { summarize, WINDOWS } from './summarize.ts'

const quakes = await arrivals()
const activity: Activity = { windows: new Map(), corrections: new Map() }
const server = await startServer(quakes, activity)
const socket = phoenixSocket(`${server.url}/socket`)
try {
  await lastValueFrom(summarize(socket))
} finally {
  await server.close()
}

/** How many events each window has, counted in another way: from all of them, with those of the corrections added. */
const expected: Map<number, number> = new Map()
for (const { time } of quakes)
  for (const from of startsOf(time, WINDOWS.lengthMs, WINDOWS.everyMs))
    expected.set(from, (expected.get(from) ?? 0) + 1)
const corrected: Map<number, number> = new Map(
  [...activity.windows].map(([from, { count }]) => [from, count]),
)
for (const from of [...activity.corrections.values()].flat())
  corrected.set(from, (corrected.get(from) ?? 0) + 1)
const right = [...expected].every(([from, count]) => corrected.get(from) === count)

const [busiest] = [...activity.windows.values()].sort((a, b) => b.count - a.count)
console.log(`${quakes.length} events, ${activity.windows.size} windows of 6 hours, one every hour`)
console.log(
  `${activity.corrections.size} events came too late for some of their windows, and were sent as corrections`,
)
if (busiest)
  console.log(
    `busiest: ${new Date(busiest.from).toISOString().slice(0, 16)}, ${busiest.count} events up to magnitude ${busiest.maxMag}`,
  )
console.log(right ? 'windows and corrections add up' : 'WRONG: windows and corrections do not add up')
process.exitCode = right ? 0 : 1
