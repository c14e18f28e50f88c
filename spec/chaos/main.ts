import { parseArgs } from 'node:util'
import { chronicle, type Violation } from './chronicle.ts'
import { chaos } from './run.ts'

/*
 * `npm run test:chaos -- --seed N --minutes M --clients C`: clients behind proxies that do what networks do, on the
 * embedded server or the one of PHOENIX_URL. Exit code 1 when an invariant was violated; docs/reliability.md tells which
 * there are.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '1' },
    clients: { type: 'string', default: '6' },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const minutes = Number(values.minutes)
const clients = Number(values.clients)

const told = chronicle()
const show = ({ invariant, detail, script }: Violation): void => {
  console.error(script.join('\n'))
  console.error(`\nviolated: ${invariant}\n${detail}\n`)
  console.error(`again: npm run test:chaos -- --seed ${seed} --minutes ${minutes} --clients ${clients}`)
  process.exitCode = 1
}
const stuck = (invariant: string, detail: () => string, afterMs: number): NodeJS.Timeout =>
  setTimeout(() => {
    told.violated(invariant, detail())
    if (told.violation) show(told.violation)
    process.exit()
  }, afterMs)
/** What a calm and the end may take beyond the time that was asked for. */
const GRACE_MS = 180_000

console.log(`seed ${seed}`)
const watchdog = stuck('the run ends', () => 'it is stuck where its script ends', minutes * 60_000 + GRACE_MS)
const { violation, ...report } = await chaos({ seed, minutes, clients, chronicle: told })
clearTimeout(watchdog)
console.log(JSON.stringify(report, undefined, 2))
if (violation) show(violation)
// Fires only if something else keeps the process alive.
else stuck('the process ends by itself', () => process.getActiveResourcesInfo().join(', '), 10_000).unref()
