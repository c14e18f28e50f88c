import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { interval, take } from 'rxjs'
import { type WebSocket, WebSocketServer } from 'ws'
import { type ConnectionState, nextMessage, phoenixSocket } from '../../lib/index.ts'

/** The frame of a text message, unmasked, as a server writes it. */
const frameOf = (text: string): Buffer => {
  const payload = Buffer.from(text)
  const head = Buffer.alloc(10)
  head.writeUInt8(0x81, 0)
  head.writeUInt8(127, 1)
  head.writeBigUInt64BE(BigInt(payload.length), 2)
  return Buffer.concat([head, payload])
}

const CHUNKS = 8

/** A server that pushes one large message behind each join, in pieces, and answers heartbeats behind it. */
const slowServer = (pieceMs: number): WebSocketServer => {
  const server = new WebSocketServer({ port: 0 })
  server.on('connection', (ws: WebSocket, { socket }) => {
    let busy = false
    const answer = ([joinRef, ref, topic]: (string | null)[]): string =>
      JSON.stringify([joinRef, ref, topic, 'phx_reply', { status: 'ok', response: {} }])
    const waiting: (string | null)[][] = []
    ws.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as (string | null)[]
      if (busy) {
        waiting.push(message)
        return
      }
      ws.send(answer(message))
      if (message[3] !== 'phx_join') return
      busy = true
      const frame = frameOf(
        JSON.stringify([message[1], null, message[2], 'big', { text: 'x'.repeat(80_000) }]),
      )
      const size = Math.ceil(frame.length / CHUNKS)
      interval(pieceMs)
        .pipe(take(CHUNKS))
        .subscribe({
          next: (i) => socket.write(frame.subarray(i * size, (i + 1) * size)),
          complete: () => {
            busy = false
            for (const each of waiting) ws.send(answer(each))
          },
        })
    })
  })
  return server
}

describe('S10: a large message on a slow line', () => {
  it('arrives, though the answer to a heartbeat queues behind it for longer than its deadline', async () => {
    const server = slowServer(250)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const socket = phoenixSocket(`ws://localhost:${port}/socket`, { heartbeatIntervalMs: 700 })
    const states: ConnectionState['status'][] = []
    const states$ = socket.subscribe(({ status }) => states.push(status))

    expect(await nextMessage(socket.channel('room:a'), 'big')).toEqual({ text: 'x'.repeat(80_000) })
    expect(states).toEqual(['connecting', 'open'])

    states$.unsubscribe()
    server.close()
  }, 30_000)
})
