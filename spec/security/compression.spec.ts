import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { lastValueFrom } from 'rxjs'
import { type WebSocket, WebSocket as WsClient, WebSocketServer } from 'ws'
import { type ConnectionError, webSocketTransport } from '../../lib/index.ts'
import { type PhoenixServer, phoenixServer } from '../../lib/server/index.ts'

/** Sixteen million zeros, some 16 kB on the wire. */
const BOMB = '0'.repeat(16_000_000)

describe('a message that is small on the wire and huge when it is inflated', () => {
  it('ends the connection of a client at its maxPayload', async () => {
    const sockets: WebSocket[] = []
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true })
    await once(server, 'listening')
    let onWire = 0
    server.on('connection', (socket, { socket: tcp }) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      socket.send(BOMB, () => (onWire = tcp.bytesWritten))
    })
    const outcome = lastValueFrom(
      webSocketTransport({ perMessageDeflate: true, maxPayload: 1_000_000 })({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/socket`,
        params: {},
        vsn: '2.0.0',
      }),
    )

    const error = await outcome.catch((failure: unknown) => failure as ConnectionError)
    expect(error).toMatchObject({ _tag: 'ConnectionClosed' })
    expect(onWire).toBeGreaterThan(0)
    expect(onWire).toBeLessThan(100_000)
    for (const socket of sockets) socket.terminate()
    server.close()
    await once(server, 'close')
  })

  it('ends the connection to the embedded server with 1009 at its maxFrameSize, and no other', async () => {
    const server: PhoenixServer = await phoenixServer({
      sockets: { '/socket': { websocket: { compress: true, maxFrameSize: 1_000_000 }, channels: {} } },
    })
    const connect = async (): Promise<WsClient> => {
      const client = new WsClient(`${server.url}/socket/websocket?vsn=2.0.0`, { perMessageDeflate: true })
      client.on('error', () => undefined)
      await once(client, 'open')
      return client
    }
    const [bad, good] = [await connect(), await connect()]
    expect(bad.extensions).toContain('permessage-deflate')
    bad.send(JSON.stringify([null, '1', 'phoenix', 'heartbeat', { BOMB }]))
    const [code] = (await once(bad, 'close')) as [number]
    expect(code).toBe(1009)

    good.send('[null,"1","phoenix","heartbeat",{}]')
    const [reply] = (await once(good, 'message')) as [Buffer]
    expect(String(reply)).toContain('phx_reply')
    good.terminate()
    await server.close()
  })
})
