import { parseArgs } from 'node:util'
import { startApp } from './app.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4200' },
    host: { type: 'string', default: '127.0.0.1' },
    files: { type: 'string', default: 'dist/browser' },
    data: { type: 'string', default: 'temp/journal.ndjson' },
  },
})

const { host, files, data } = values
const server = await startApp({ port: Number(values.port), host, files, data })
console.log(`Ember is at ${server.url.replace(/^ws/, 'http')}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void server.close().then(() => process.exit(0))
  })
