import { parseArgs } from 'node:util'
import { startContractApp } from './index.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4000' }, quiet: { type: 'boolean' } },
})

const app = await startContractApp({
  port: Number(values.port),
  ...(values.quiet === true
    ? {}
    : {
        trace: (event) => {
          process.stderr.write(
            `${JSON.stringify(event, (_key, value: unknown) => (value instanceof Error ? value.message : value))}\n`,
          )
        },
      }),
})
console.log(app.url)

const end = (): void => {
  void app.close()
}
process.once('SIGINT', end)
process.once('SIGTERM', end)
