import { filter, firstValueFrom } from 'rxjs'
import {
  type Channel,
  longPollTransport,
  phoenixSocket,
  webSocketTransport,
  withFallback,
} from '../../lib/index.ts'
import { accept, ok, type PhoenixServer, phoenixServer, refuse } from '../../lib/server/index.ts'
import { soon } from '../contract/support/soon.ts'

/** Whether the network blocks WebSockets. */
let blocked: boolean
let server: PhoenixServer
beforeEach(async () => {
  blocked = true
  server = await phoenixServer({
    trace: () => undefined,
    sockets: {
      '/socket': {
        connect: ({ transport }) =>
          blocked && transport === 'websocket' ? refuse({ status: 502 }) : accept(),
        longpoll: { windowMs: 1_000 },
        authToken: true,
        channels: {
          'room:*': {
            handleIn: {
              whoami: (_payload, { socket }) => ok(`${socket.transport} ${socket.authToken ?? ''}`),
            },
          },
        },
      },
    },
  })
})
afterEach(() => server.close())

const join = (authToken = 't'): Channel =>
  phoenixSocket(`${server.url}/socket`, {
    transport: withFallback(webSocketTransport(), longPollTransport(), { recheckAfterMs: 20 }),
    authToken,
    reconnect: soon,
    rejoin: soon,
  }).channel('room:a')
const whoami = (channel: Channel): Promise<unknown> => firstValueFrom(channel.push('whoami'))

describe('withFallback with a server', () => {
  it('uses the WebSocket where that comes through', async () => {
    blocked = false
    expect(await whoami(join())).toBe('websocket t')
  })

  it('falls back where none comes through, each transport to its own path', async () => {
    expect(await whoami(join())).toBe('longpoll t')
  })

  it('carries a token that no sub-protocol could', async () => {
    blocked = false
    expect(await whoami(join('which?'))).toBe('longpoll which?')
  })

  it('comes back to the WebSocket when that works again, with its channel joined', async () => {
    const channel = join()
    const rejoined = firstValueFrom(
      channel.pipe(filter((state) => state.status === 'joined' && state.rejoined)),
    )
    expect(await whoami(channel)).toBe('longpoll t')
    blocked = false
    await rejoined
    expect(await whoami(channel)).toBe('websocket t')
  })
})
