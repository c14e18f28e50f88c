import { ok, type SocketDefinition } from '../../lib/server/index.ts'
import { until } from './until.ts'
import { type ServerBench, serverBench } from './server-bench.ts'

const start = serverBench()

interface Answer {
  status: number
  token: string
  messages: string[]
}
interface Poller {
  get(): Promise<Answer>
  post(body: string, contentType?: string): Promise<Answer>
}

const opened = async (
  { server }: ServerBench,
  headers: Record<string, string> = {},
): Promise<Poller & Answer> => {
  const url = `${server.url.replace('ws', 'http')}/socket/longpoll?vsn=2.0.0`
  const call = async (init: RequestInit = {}, token?: string): Promise<Answer> => {
    const response = await fetch(url, {
      ...init,
      headers: {
        ...headers,
        ...(init.headers as Record<string, string> | undefined),
        ...(token === undefined ? {} : { 'x-phoenix-longpoll-token': token }),
      },
    })
    expect(response.status).toBe(200)
    return (await response.json()) as Answer
  }
  const session = await call()
  return {
    ...session,
    get: () => call({}, session.token),
    post: (body, contentType = 'application/json') =>
      call({ method: 'POST', body, headers: { 'content-type': contentType } }, session.token),
  }
}
const socket = (windowMs: number): SocketDefinition => ({
  longpoll: { windowMs },
  channels: {
    'room:*': {
      handleIn: {
        echo: (payload) => ok(payload),
        bytes: (payload, channel) => {
          channel.push('bytes', new Uint8Array(3))
          return ok({ byteLength: (payload as ArrayBuffer).byteLength })
        },
      },
    },
  },
})
const join = '["1","1","room:a","phx_join",{}]'

describe('long polling', () => {
  it('answers a body that is too large with 413, and serves on', async () => {
    const bench = await start(socket(5_000))
    const poller = await opened(bench)
    const response = await fetch(`${bench.server.url.replace('ws', 'http')}/socket/longpoll?vsn=2.0.0`, {
      method: 'POST',
      body: 'x'.repeat(8_000_001),
      headers: { 'content-type': 'application/x-ndjson', 'x-phoenix-longpoll-token': poller.token },
    })
    expect(response.status).toBe(413)
    expect(await poller.post(join)).toMatchObject({ status: 200 })
  })

  it('ends a session that nobody polls, and its channels with it', async () => {
    const bench = await start(socket(200))
    const poller = await opened(bench)
    await poller.post(join)
    expect(bench.server.subscribers('room:a')).toBe(1)
    await until(() => bench.server.subscribers('room:a') === 0)
    expect(await poller.post(join)).toEqual({ status: 410 })
    const again = await poller.get()
    expect([again.status, again.token === poller.token]).toEqual([410, false])
  })

  it('reads no more than 100 lines of one POST, and takes bytes as base64', async () => {
    const poller = await opened(await start(socket(1_000)))
    const lines = Array.from({ length: 120 }, (_, i) => `["1","${i + 2}","room:a","echo",{}]`)
    await poller.post([join, ...lines].join('\n'), 'application/x-ndjson')
    expect((await poller.get()).messages).toHaveLength(100)
    const frame = Buffer.concat([
      Buffer.from([0, 1, 1, 6, 5]),
      Buffer.from('1' + '9' + 'room:a' + 'bytes'),
      Buffer.alloc(7),
    ])
    await poller.post(frame.toString('base64'), 'application/x-ndjson')
    // The push of bytes that came before the reply has no form in long polling.
    expect((await poller.get()).messages).toEqual([
      '["1","9","room:a","phx_reply",{"status":"ok","response":{"byteLength":7}}]',
    ])
  })

  it('answers a POST when its join has run, or with 408 when the window is over', async () => {
    const bench = await start(socket(400))
    const poller = await opened(bench)
    bench.server.injectFaults({ joinDelayMs: 20 })
    expect(await poller.post(join)).toEqual({ status: 200 })
    expect(bench.server.subscribers('room:a')).toBe(1)
    bench.server.injectFaults({ joinDelayMs: 60_000 })
    expect(await poller.post(join.replace('room:a', 'room:b'))).toEqual({ status: 408 })
  })

  it('is over after a message that is none', async () => {
    const bench = await start(socket(1_000))
    const poller = await opened(bench)
    expect(await poller.post('nonsense')).toEqual({ status: 410 })
    expect(bench.traced).toContainEqual(expect.objectContaining({ _tag: 'MalformedFrame' }))
    expect(bench.server.connections()).toEqual([])
  })

  it('answers the poll that waits when the server ends or a second poll comes', async () => {
    const bench = await start(socket(60_000))
    const poller = await opened(bench)
    const [first, second] = [poller.get(), poller.get()]
    await Promise.race([first, second])
    await bench.server.close()
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([204, 204])
  })

  it('refuses while the server admits nobody', async () => {
    const bench = await start(socket(1_000))
    bench.server.refuseConnections(true)
    expect((await opened(bench)).status).toBe(403)
  })
})
