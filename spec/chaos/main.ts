import { parseArgs } from 'node:util'
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
    clients: { type: 'string', default: '5' },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const minutes = Number(values.minutes)
const clients = Number(values.clients)

console.log(`seed ${seed}`)
const { violation, ...report } = await chaos({ seed, minutes, clients })
console.log(JSON.stringify(report, undefined, 2))
if (violation) {
  console.error(violation.script.join('\n'))
  console.error(`\nviolated: ${violation.invariant}\n${violation.detail}\n`)
  console.error(`again: npm run test:chaos -- --seed ${seed} --minutes ${minutes} --clients ${clients}`)
  process.exitCode = 1
}
