import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { Observable } from 'rxjs'
import { whyNot } from '../listening.ts'
import { admits, secretPath } from './admission.ts'
import { pageHtml } from './page-html.ts'
import { readCommand } from './read-command.ts'
import { type Answer, type Command } from './told.ts'

/** What is served. */
export interface Served {
  readonly title: string
  /** The program of the page. */
  readonly script: string
  /** Tells a page everything, as JSON. Returns how to stop. */
  readonly listen: (send: (json: string) => void) => () => void
  readonly act: (command: Command) => Promise<Answer>
}

const HOST = '127.0.0.1'

/** The page may load its own script and talk to this server; no other page may show it in a frame. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** No person types a longer command. */
const MAX_COMMAND_BYTES = 10_000_000

/**
 * Serves the page to this machine while it is subscribed: emits its address once it listens, and never completes. Each
 * address has a path that cannot be guessed, and requests of other sites are refused, so that no other page can control this one.
 */
export const localServer = (port: number, served: Served): Observable<string> =>
  new Observable((subscriber) => {
    const path = secretPath()
    const server = createServer((request, response) => {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
      if (admits(request, path, portOf(server))) route(request, response, path, served)
      else response.writeHead(404).end()
    })
    server.on('error', (error) => {
      subscriber.error(whyNot(error, { port, host: HOST }))
    })
    server.listen(port, HOST, () => {
      subscriber.next(`http://${HOST}:${portOf(server)}${path}/`)
    })
    return () => {
      server.close()
      server.closeAllConnections()
    }
  })

const HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

const portOf = (server: Server): number => (server.address() as AddressInfo | null)?.port ?? 0

const route = (request: IncomingMessage, response: ServerResponse, path: string, served: Served): void => {
  switch (`${request.method} ${(request.url ?? '').slice(path.length)}`) {
    case 'GET /':
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(pageHtml({ title: served.title, script: 'page.js' }))
      return
    case 'GET /page.js':
      response.setHeader('content-type', 'text/javascript; charset=utf-8')
      response.end(served.script)
      return
    case 'GET /events':
      tell(response, served.listen)
      return
    case 'POST /do':
      void obey(request, response, served.act)
      return
    default:
      response.writeHead(404).end()
  }
}

/** Server-sent events: a browser connects again by itself, and is then sent everything again. */
const tell = (response: ServerResponse, listen: Served['listen']): void => {
  response.setHeader('content-type', 'text/event-stream')
  const stop = listen((json) => {
    response.write(`data: ${json}\n\n`)
  })
  response.on('close', stop)
}

const obey = async (
  request: IncomingMessage,
  response: ServerResponse,
  act: Served['act'],
): Promise<void> => {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_COMMAND_BYTES) break
      chunks.push(chunk)
    }
  } catch {
    return // the page has gone
  }
  const command = bytes > MAX_COMMAND_BYTES ? undefined : readCommand(Buffer.concat(chunks).toString())
  if (!command) {
    response.writeHead(400).end()
    return
  }
  const answer = await act(command)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(answer))
}
