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
  post(body: string | Buffer, contentType?: string): Promise<Answer>
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
    if (response.status !== 200) throw new Error(String(response.status))
    return (await response.json()) as Answer
  }
  const session = await call()
  return {
    ...session,
    get: () => call({}, session.token),
    post: (body, contentType = 'application/json') =>
      call({ method: 'POST', body: body as string, headers: { 'content-type': contentType } }, session.token),
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
    // Bytes that are UTF-8, as three zeros are, travel as text.
    expect((await poller.get()).messages).toEqual([
      '\x00\x01\x06\x051room:abytes\x00\x00\x00',
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

  it.each<readonly [string, string | Buffer, string]>([
    ['nonsense', 'nonsense', 'application/json'],
    ['bytes that are not UTF-8', Buffer.from([0x5b, 0xff]), 'application/json'],
    ['a line without anything', '', 'application/x-ndjson'],
  ])('is over after %s, which is never answered', async (_name, body, contentType) => {
    const bench = await start(socket(200))
    const poller = await opened(bench)
    const poll = poller.get()
    expect(await poller.post(body, contentType)).toEqual({ status: 408 })
    expect(bench.traced).toContainEqual(expect.objectContaining({ _tag: 'MalformedFrame' }))
    expect(bench.server.connections()).toEqual([])
    expect(await poll).toMatchObject({ status: 204, token: poller.token })
    expect(await poller.get()).toMatchObject({ status: 410 })
  })

  it('answers a line that is neither a message nor base64 with 500, and lives on', async () => {
    const bench = await start(socket(5_000))
    const poller = await opened(bench)
    await expect(poller.post(`${join}\n{}`, 'application/x-ndjson')).rejects.toThrow('500')
    expect(await poller.get()).toMatchObject({ status: 200, messages: [expect.stringContaining('"ok"')] })
  })

  it('answers a poll for bytes that are not UTF-8 with 500, and lives on', async () => {
    const bench = await start(socket(5_000))
    const poller = await opened(bench)
    await poller.post(join)
    await poller.get()
    bench.server.broadcast('room:a', 'bytes', new Uint8Array([0xff]))
    bench.server.broadcast('room:a', 'lost', {})
    await expect(poller.get()).rejects.toThrow('500')
    expect(bench.traced).toContainEqual(expect.objectContaining({ _tag: 'NotEncodable' }))
    bench.server.broadcast('room:a', 'news', {})
    expect((await poller.get()).messages).toEqual(['[null,null,"room:a","news",{}]'])
  })

  it.each([
    ['is disconnected', 1001],
    ['is drained', 1012],
    ['is killed', undefined],
  ])('holds the poll of a session that %s to the end of its window', async (_name, code) => {
    const bench = await start(socket(300))
    const poller = await opened(bench)
    const startedAt = performance.now()
    const poll = poller.get()
    await until(() => bench.server.connections().length === 1)
    await poller.post(join)
    expect(await poll).toMatchObject({ status: 200 })
    const second = poller.get()
    await new Promise((resolve) => setTimeout(resolve, 50)) // the poll is on its way
    const [connection] = bench.server.connections()
    if (code === undefined) connection?.kill()
    else connection?.close(code)
    expect(await second).toMatchObject({ status: 204, messages: [] })
    expect(performance.now() - startedAt).toBeGreaterThan(250) // time is the subject
    expect(await poller.post(join)).toEqual({ status: 410 })
    expect(await poller.get()).toMatchObject({ status: 410 })
  })

  it('gives messages to the last of several polls, and answers the others when the server ends', async () => {
    const bench = await start(socket(60_000))
    const poller = await opened(bench)
    const polls = [poller.get(), poller.get(), poller.get()]
    await poller.post(join)
    const first = await Promise.race(polls)
    expect(first).toMatchObject({ status: 200, messages: [expect.stringContaining('phx_reply')] })
    await bench.server.close()
    const statuses = (await Promise.all(polls)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 204, 204])
  })

  it('drops a POST that is never answered when the server ends', async () => {
    const bench = await start(socket(60_000))
    const poller = await opened(bench)
    const post = poller.post('nonsense')
    await until(() => bench.server.connections().length === 0)
    await bench.server.close()
    expect(await post).toEqual({ status: 408 })
  })

  it('refuses while the server admits nobody', async () => {
    const bench = await start(socket(1_000))
    bench.server.refuseConnections(true)
    expect((await opened(bench)).status).toBe(403)
  })
})
