import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { firstValueFrom, lastValueFrom } from 'rxjs'
import { WebSocket } from 'ws'
import {
  type ConnectionError,
  phoenixSocket,
  type ProbeOptions,
  probeRefusal,
  type SocketOptions,
  stopAfterRefusals,
  type WebSocketConstructor,
  webSocketTransport,
} from '../../lib/index.ts'
import {
  accept,
  ok,
  phoenixServer,
  type PhoenixServer,
  refuse,
  type SocketDefinition,
} from '../../lib/server/index.ts'

/** As in a browser: a class that does not tell why it did not open. */
const browserLike = webSocketTransport({ WebSocket: WebSocket as unknown as WebSocketConstructor })

describe('probeRefusal and a server', () => {
  let server: PhoenixServer | undefined
  const serve = async (socket: Partial<SocketDefinition>): Promise<string> => {
    server = await phoenixServer({
      sockets: { '/socket': { channels: { 'room:*': { handleIn: () => ok({}) } }, ...socket } },
      trace: () => undefined,
    })
    return `${server.url}/socket`
  }
  const failureOf = (
    url: string,
    options: SocketOptions = {},
    probe: ProbeOptions = {},
  ): Promise<ConnectionError> =>
    lastValueFrom(
      phoenixSocket(url, {
        transport: probeRefusal(browserLike, probe),
        reconnect: () => 'stop',
        ...options,
      }),
    ).then(
      () => {
        throw new Error('it completed')
      },
      (error: unknown) => error as ConnectionError,
    )

  afterEach(async () => {
    await server?.close()
    server = undefined
  })

  it('reports the status with which connect refuses, and when to come back', async () => {
    const url = await serve({
      connect: ({ params }) =>
        params['user'] === 'ann' ? accept() : refuse({ status: 429, headers: { 'retry-after': '3' } }),
    })
    const error = await failureOf(url, { params: { user: 'bob' } })
    expect(error).toMatchObject({ _tag: 'ConnectionRefused', status: 429, retryAfterMs: 3000 })
  })

  it('reports that no socket is mounted', async () => {
    const url = await serve({})
    expect(await failureOf(`${url}/elsewhere`)).toMatchObject({ _tag: 'ConnectionRefused', status: 404 })
  })

  it('reports a refused token, by way of long polling, and ends with Unauthorized after one probe', async () => {
    const asked: string[] = []
    const url = await serve({
      authToken: true,
      longpoll: true,
      connect: ({ authToken, transport }) => {
        asked.push(`${transport} ${String(authToken)}`)
        return authToken === 'good' ? accept() : refuse()
      },
    })
    const reconnect = stopAfterRefusals(3)(() => 0)
    const error = await failureOf(url, { authToken: 'stale', reconnect })
    expect(error).toMatchObject({ _tag: 'Unauthorized', status: 403, attempts: 3 })
    expect(asked.filter((each) => each === 'longpoll stale')).toHaveLength(1)
    expect(asked.filter((each) => each === 'websocket stale')).toHaveLength(3)
  })

  it('leaves a server that would accept a failure: then something is in the way of WebSockets', async () => {
    const url = await serve({
      authToken: true,
      longpoll: true,
      websocket: false,
      connect: ({ authToken }) => (authToken === 'good' ? accept() : refuse()),
    })
    expect(await failureOf(url, { authToken: 'good' })).toMatchObject({ _tag: 'ConnectionFailed' })
  })

  it('leaves a server that is not there a failure', async () => {
    const listener = createServer().listen(0)
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    listener.close()
    await once(listener, 'close')
    expect(await failureOf(`ws://127.0.0.1:${port}/socket`)).toMatchObject({ _tag: 'ConnectionFailed' })
  })

  it('costs nothing while connections open', async () => {
    const url = await serve({})
    const fetch = (): never => {
      throw new Error('it was asked')
    }
    const socket = phoenixSocket(url, { transport: probeRefusal(browserLike, { fetch }) })
    expect(await firstValueFrom(socket.channel('room:a').push('hello'))).toBeDefined()
  })
})
