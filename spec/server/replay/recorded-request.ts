import { type IncomingHttpHeaders, request } from 'node:http'
import { type Line } from './recording.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

/** Sends a request as it was recorded; an upgrade that succeeds is dropped again. */
export const recordedRequest = (port: number, line: Line): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const protocol = line['sec-websocket-protocol']
    const headers = {
      ...(line.note === 'WebSocket upgrade request' ? UPGRADE : {}),
      ...(protocol === undefined ? {} : { 'sec-websocket-protocol': protocol }),
      ...line.headers,
    }
    const sent = request({
      host: '127.0.0.1',
      port,
      method: line.method,
      path: line.path,
      headers,
      agent: false,
    })
    sent.on('error', reject)
    sent.on('upgrade', (response, socket) => {
      socket.on('error', () => undefined)
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
    })
    sent.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString('utf8'),
        })
      })
    })
    sent.end(line.body)
  })
