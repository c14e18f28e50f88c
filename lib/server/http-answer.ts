import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { type Duplex } from 'node:stream'
import { type Refused } from './socket-definition.ts'

/** What Phoenix sends with every answer that is not to be cached. */
export const CACHE_CONTROL = 'max-age=0, private, must-revalidate'

type Answer = Omit<Refused, '_tag'>

/** What an endpoint answers where nothing is mounted. */
export const notFound: Answer = {
  status: 404,
  body: '{"error":"not found"}',
  headers: { 'content-type': 'application/json; charset=utf-8' },
}

/** What the path of a WebSocket answers to a request that is not an upgrade (recording `connect_refused`). */
export const notAnUpgrade = ({ method, headers }: IncomingMessage): Answer => {
  const body = `'connection' header must contain 'upgrade', got [${JSON.stringify(headers.connection ?? '')}]`
  return { status: 400, body: method === 'GET' ? body : '', headers: {} }
}

/** Answers an upgrade request with something else than an upgrade, and ends the connection. */
export const answerUpgrade = (socket: Duplex, { status, body, headers }: Answer): void => {
  const lines = Object.entries({
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': CACHE_CONTROL,
    vary: 'accept-encoding',
    connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, ' ')}`)
  if (!socket.writable) return
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n'))
  // The other side may never close; half a second is ample for it to read the answer.
  const late = setTimeout(() => socket.destroy(), 500)
  socket.once('close', () => {
    clearTimeout(late)
  })
}

/** Answers an ordinary request. */
export const answerRequest = (response: ServerResponse, { status, body, headers }: Answer): void => {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    'content-length': Buffer.byteLength(body),
    'cache-control': CACHE_CONTROL,
    vary: 'accept-encoding',
    ...headers,
  })
  response.end(body)
}
