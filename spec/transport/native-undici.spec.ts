import { filter, firstValueFrom, lastValueFrom, map } from 'rxjs'
import { WebSocket } from 'undici'
import { phoenixSocket, type WebSocketConstructor, webSocketTransport } from '../../lib/index.ts'
import { ok, type PhoenixServer, phoenixServer } from '../../lib/server/index.ts'
import { soon } from '../contract/support/soon.ts'

/** Node 22 has the class of undici 6 as its own: a failed opening fires `error`, and no `close`. */
const transport = webSocketTransport({ WebSocket: WebSocket as unknown as WebSocketConstructor })

const start = (port?: number): Promise<PhoenixServer> =>
  phoenixServer({
    ...(port !== undefined && { port }),
    trace: () => undefined,
    sockets: {
      '/socket': { channels: { 'room:*': { handleIn: { ping: () => ok({ pong: true }) } } } },
    },
  })

describe('webSocketTransport with the class of Node 22', () => {
  it('fails when nobody listens, without waiting for a close event', async () => {
    const server = await start()
    await server.close()
    const failure = await lastValueFrom(
      transport({ url: `${server.url}/socket`, params: {}, vsn: '2.0.0' }),
    ).catch((error: unknown) => error)

    expect(failure).toMatchObject({ _tag: 'ConnectionFailed', code: 1006 })
  })

  it('sends after a restart of the server what was pushed during it', async () => {
    const first = await start()
    const socket = phoenixSocket(`${first.url}/socket`, {
      transport,
      reconnect: soon,
      rejoin: soon,
      // No failed attempt is to be noticed by this.
      connectTimeoutMs: 60_000,
    })
    const room = socket.channel('room:a')
    const failed = firstValueFrom(
      socket.pipe(
        filter((state) => state.status === 'waiting' && state.cause._tag === 'ConnectionFailed'),
        map(({ status }) => status),
      ),
    )
    const joined = firstValueFrom(room.pipe(filter(({ status }) => status === 'joined')))
    const kept = socket.subscribe()
    await joined
    await first.close()
    await failed
    const reply = firstValueFrom(room.push('ping'))
    const second = await start(Number(new URL(first.url).port))

    expect(await reply).toEqual({ pong: true })
    kept.unsubscribe()
    await second.close()
  })
})
