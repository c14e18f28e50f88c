import { createServer } from 'node:http'
import { type AddressInfo, type Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { type Flood, floodFrame, frame, lastFrame, readFrame } from './server-frames.ts'

/**
 * A bare server that speaks V2 frames and is no bottleneck: it reads through `ws` and writes ready-made frames straight
 * to the TCP socket, many at a time. It accepts every join, answers every push with its payload, and obeys `flood`
 * (send so many broadcasts) and `cut` (drop the connection without a close frame).
 */
const CHUNK_BYTES = 64 * 1024

const flood = async (tcp: Socket, order: Flood): Promise<void> => {
  const frameOf = floodFrame(order)
  const last = lastFrame(order)
  let chunk: Buffer[] = []
  let bytes = 0
  for (let i = 0; i <= order.n; i++) {
    const next = i < order.n ? frameOf(i) : last
    chunk.push(next)
    bytes += next.length
    if (bytes < CHUNK_BYTES && i < order.n) continue
    if (tcp.destroyed) return
    if (!tcp.write(Buffer.concat(chunk))) await room(tcp)
    chunk = []
    bytes = 0
  }
}

/** A socket that is cut never drains; then this promise is dropped with it. */
const room = (tcp: Socket): Promise<void> =>
  new Promise((resolve) => {
    tcp.once('drain', resolve)
  })

const http = createServer()
new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: 1e9 }).on(
  'connection',
  (ws, { socket: tcp }) => {
    let corked = false
    const reply = (joinRef: string | null, ref: string | null, topic: string, response: unknown): void => {
      if (!corked) {
        corked = true
        tcp.cork()
        setImmediate(() => {
          corked = false
          tcp.uncork()
        })
      }
      const payload = { status: 'ok', response }
      tcp.write(frame(Buffer.from(JSON.stringify([joinRef, ref, topic, 'phx_reply', payload])), false))
    }
    ws.on('error', () => undefined)
    ws.on('message', (data: Buffer, isBinary) => {
      const [joinRef, ref, topic, event, payload] = readFrame(data, isBinary)
      if (event === 'cut') tcp.destroy()
      else if (event !== 'silent') reply(joinRef, ref, topic, event === 'echo' ? payload : {})
      if (event === 'flood') void flood(tcp, payload as Flood)
    })
  },
)

http.listen(0, '127.0.0.1', () => {
  process.send?.(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
})
// For the report: whether this process was the bottleneck.
process.on('message', () => {
  process.send?.(process.cpuUsage())
})
process.on('disconnect', () => {
  process.exit()
})
