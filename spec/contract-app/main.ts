import { parseArgs } from 'node:util'
import { type Trace } from '../../lib/server/index.ts'
import { startContractApp } from './index.ts'

/* `npm run contract-server -- --port 4000`: serves the contract app, prints its address, ends at Ctrl-C. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    trace: { type: 'boolean', default: false }, // everything that happens, one JSON object a line, on stderr
  },
})

const printed: Trace = (event) => {
  const plain = (_key: string, value: unknown): unknown => (value instanceof Error ? value.message : value)
  process.stderr.write(`${JSON.stringify(event, plain)}\n`)
}

try {
  const app = await startContractApp({
    port: Number(values.port),
    ...(values.trace ? { trace: printed } : {}),
  })
  console.log(app.url)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void app.close()
    })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
