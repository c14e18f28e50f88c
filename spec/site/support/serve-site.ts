import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { ROOT } from '../../support/run-script.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Serves temp/site under a path, as a static host does: files, `index.html` for a folder, and nothing else. */
export const serveSite = async (base: string): Promise<{ url: string; close: () => Promise<unknown> }> => {
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').split(/[?#]/)[0] ?? '')
    const file = path.endsWith('/') ? `${path}index.html` : path
    readFile(join(ROOT, 'temp/site', file.startsWith(base) ? file.slice(base.length) : '../nowhere')).then(
      (body) => response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(body),
      () => response.writeHead(404).end(),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    close: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
