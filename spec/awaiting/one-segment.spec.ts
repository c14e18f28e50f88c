import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { firstValueFrom, lastValueFrom, map, merge, NEVER, Observable, takeWhile, tap } from 'rxjs'
import { type WebSocket, WebSocketServer } from 'ws'
import {
  nextMessage,
  phoenixSocket,
  type PhoenixSocket,
  type Transport,
  type WebSocketConstructor,
  webSocketTransport,
  whenJoined,
} from '../../lib/index.ts'

type Fields = [joinRef: string | null, ref: string | null, topic: string, event: string, payload: unknown]

/** A server that writes what belongs together in one TCP segment: a reply, and two messages right behind it. */
const segmentServer = async (): Promise<WebSocketServer> => {
  const server = new WebSocketServer({ port: 0 })
  server.on('connection', (ws: WebSocket, { socket }) => {
    socket.setNoDelay(true)
    ws.on('message', (data: Buffer) => {
      const [joinRef, ref, topic, event] = JSON.parse(data.toString()) as Fields
      socket.cork()
      ws.send(JSON.stringify([joinRef, ref, topic, 'phx_reply', { status: 'ok', response: event }]))
      for (const name of ['history', 'news', 'more'])
        if (event !== 'heartbeat') ws.send(JSON.stringify([joinRef, null, topic, name, event]))
      if (event === 'last') ws.close()
      socket.uncork()
    })
  })
  await once(server, 'listening')
  return server
}

const native = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
const transports: [string, WebSocketConstructor | undefined][] = [['ws', undefined]]
if (native) transports.push(["Node's own WebSocket", native])

describe.each(transports)(
  'S15: a script that awaits one thing, then the next (%s)',
  (_name, WebSocketClass) => {
    let server: WebSocketServer
    beforeAll(async () => {
      server = await segmentServer()
    })
    afterAll(() => {
      server.close()
    })

    const withSocket = async (script: (socket: PhoenixSocket) => Promise<unknown>): Promise<unknown[]> => {
      const outcomes: unknown[] = []
      const { port } = server.address() as AddressInfo
      for (let i = 0; i < 20; i++) {
        const socket = phoenixSocket(`ws://localhost:${port}/socket`, {
          ...(WebSocketClass && { transport: webSocketTransport({ WebSocket: WebSocketClass }) }),
        })
        outcomes.push(await script(socket))
      }
      return outcomes
    }
    const held = async (
      socket: PhoenixSocket,
      script: (room: ReturnType<PhoenixSocket['channel']>) => Promise<unknown>,
    ) => {
      const room = socket.channel('room:a')
      const subscription = merge(room, NEVER).subscribe()
      try {
        return await script(room)
      } finally {
        subscription.unsubscribe()
      }
    }
    const soon = { timeoutMs: 2_000 }

    it('the join, then messages right behind its reply', async () => {
      const outcomes = await withSocket((socket) =>
        held(socket, async (room) => {
          await whenJoined(room)
          const first = await nextMessage(room, 'history', soon)
          return [first, await nextMessage(room, 'news', soon)]
        }),
      )
      expect(outcomes).toEqual(Array.from({ length: 20 }, () => ['phx_join', 'phx_join']))
    }, 60_000)

    it('a push, then its event, however deep the async functions are', async () => {
      const outcomes = await withSocket((socket) =>
        held(socket, async (room) => {
          const push = async (event: string): Promise<unknown> => firstValueFrom(room.push(event))
          const both = async (event: string): Promise<unknown[]> => [
            await push(event),
            await nextMessage(room, 'more', soon),
          ]
          await whenJoined(room)
          await nextMessage(room, 'more', soon)
          return both('p')
        }),
      )
      expect(outcomes).toEqual(Array.from({ length: 20 }, () => ['p', 'p']))
    }, 60_000)

    it('delivers frames that came before a close, before the channel sees the close', async () => {
      const outcomes = await withSocket((socket) =>
        held(socket, async (room) => {
          await whenJoined(room)
          await nextMessage(room, 'more', soon)
          const heard: unknown[] = []
          const heard$ = merge(room.on('more'), room.pipe(map(({ status }) => status))).pipe(
            takeWhile((each) => each !== 'waiting', true),
          )
          const over = lastValueFrom(heard$.pipe(tap((each) => heard.push(each))))
          await firstValueFrom(room.push('last'))
          await over
          return heard
        }),
      )
      expect(outcomes).toEqual(Array.from({ length: 20 }, () => ['joined', 'last', 'waiting']))
    }, 60_000)
  },
)

/** A server in memory, which answers while the client sends, also while the client announces that it is open. */
const inMemory: Transport = () =>
  new Observable((subscriber) => {
    const send = (sent: unknown): void => {
      const [joinRef, ref, topic, event] = JSON.parse(String(sent)) as Fields
      const frames: Fields[] = [
        [joinRef, ref, topic, 'phx_reply', { status: 'ok', response: {} }],
        [joinRef, null, topic, 'history', event],
        [joinRef, null, topic, 'news', event],
      ]
      for (const frame of frames) subscriber.next({ type: 'frame', frame: JSON.stringify(frame) })
    }
    setImmediate(() => {
      subscriber.next({ type: 'open', link: { bufferedAmount: 0, nextTask: setImmediate, send } })
    })
  })

it('S15: a script hears messages that come right behind the reply to its join, from a server in memory too', async () => {
  const room = phoenixSocket('ws://localhost/socket', { transport: inMemory }).channel('room:a')
  const subscription = merge(room, NEVER).subscribe()
  const soon = { timeoutMs: 1_000 }
  try {
    await whenJoined(room)
    expect(await nextMessage(room, 'history', soon)).toBe('phx_join')
    expect(await nextMessage(room, 'news', soon)).toBe('phx_join')
  } finally {
    subscription.unsubscribe()
  }
})
