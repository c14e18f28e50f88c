import { createReadStream, statSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

/** The built application: a file, or else the page. */
export const serveFiles =
  (folder: string) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end()
      return
    }
    const path = fileAt(folder, request.url ?? '/')
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
    response.setHeader('cache-control', 'no-cache')
    createReadStream(path)
      .on('error', () => response.writeHead(404).end('Build the application first: npm run build'))
      .pipe(response)
  }

/** Never outside the folder, whatever is asked for. */
const fileAt = (folder: string, url: string): string => {
  const page = join(folder, 'index.html')
  try {
    const path = normalize(join(folder, decodeURIComponent(new URL(url, 'http://localhost').pathname)))
    return path.startsWith(folder + sep) && statSync(path).isFile() ? path : page
  } catch {
    return page
  }
}
