import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { WebSocket } from 'ws'
import { InvalidArgument } from '../../lib/protocol/invalid-argument.ts'
import {
  accept,
  ok,
  phoenixServer,
  refuse,
  type ServerOptions,
  type SocketDefinition,
} from '../../lib/server/index.ts'
import { rawClient, reply } from './raw-client.ts'
import { serverBench } from './server-bench.ts'

const start = serverBench()
const echo: SocketDefinition = { channels: { 'room:*': { handleIn: (_event, payload) => ok(payload) } } }

const refusal = async (url: string): Promise<{ status: number; body: string; headers: unknown }> => {
  const ws = new WebSocket(url)
  ws.on('error', () => undefined)
  const [, response] = (await once(ws, 'unexpected-response')) as [
    unknown,
    NodeJS.ReadableStream & { statusCode: number; headers: object },
  ]
  let body = ''
  for await (const part of response) body += String(part)
  return { status: response.statusCode, body, headers: response.headers }
}

describe('connect', () => {
  it('also runs for a request that is not an upgrade, which gets its refusal, or else status 400', async () => {
    const { url } = await start({
      connect: ({ params }) => {
        if (params['as'] === 'crash') throw new Error('as it was asked to')
        return params['as'] === 'nobody' ? refuse({ status: 401, body: 'who?' }) : accept()
      },
      channels: {},
    })
    const ask = async (query: string, method = 'GET'): Promise<[number, string]> => {
      const answer = await fetch(`${url.replace('ws:', 'http:')}&${query}`, { method })
      return [answer.status, await answer.text()]
    }

    expect(await ask('as=nobody')).toEqual([401, 'who?'])
    expect(await ask('as=crash')).toEqual([500, '{"errors":{"detail":"Internal Server Error"}}'])
    expect(await ask('as=ann')).toEqual([400, expect.stringContaining("must contain 'upgrade'")])
    expect(await ask('as=nobody', 'POST')).toEqual([400, ''])
  })

  it('may accept with assigns, name the socket, and refuse with a response, also asynchronously', async () => {
    const { server, url } = await start({
      connect: async ({ params }) => {
        await new Promise((resolve) => setImmediate(resolve))
        if (params['as'] === 'nobody')
          return refuse({ status: 418, body: 'no tea', headers: { 'x-why': 'because' } })
        return accept({ as: params['as'] })
      },
      id: ({ assigns }) => `user:${String(assigns['as'])}`,
      channels: {
        'room:*': { join: (_params, { socket }) => ok({ as: socket.assigns['as'], id: socket.id }) },
      },
    })
    const client = await rawClient(`${url}&as=ann`)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    expect(await client.next()).toEqual(reply('1', '1', 'room:a', 'ok', { as: 'ann', id: 'user:ann' }))
    expect(await refusal(`${url}&as=nobody`)).toEqual(
      expect.objectContaining({
        status: 418,
        body: 'no tea',
        headers: expect.objectContaining({ 'x-why': 'because' }) as unknown,
      }),
    )
    expect(server.disconnect('user:nobody')).toBe(0)
    expect(server.disconnect('user:ann')).toBe(1)
    expect(await client.closed).toBe(1001)
  })

  it.each<readonly [string, NonNullable<SocketDefinition['connect']>]>([
    [
      'throws',
      () => {
        throw new Error('oops')
      },
    ],
    ['rejects', () => Promise.reject(new Error('oops'))],
    ['returns nonsense', () => true as never],
  ])('answers 500 when it %s, and traces why', async (_name, connect) => {
    const { url, traced } = await start({ ...echo, connect })
    expect((await refusal(url)).status).toBe(500)
    expect(traced).toContainEqual(expect.objectContaining({ _tag: 'ConnectCrashed', path: '/socket' }))
  })

  it('may be closed to everybody for a time', async () => {
    const { server, url } = await start(echo)
    server.refuseConnections(true, 500)
    expect((await refusal(url)).status).toBe(403)
    await new Promise((resolve) => setTimeout(resolve, 600)) // time is the subject
    const client = await rawClient(url)
    expect(server.connections().map(({ topics }) => topics)).toEqual([[]])
    client.ws.close()
  })
})

describe('bad input', () => {
  it.each<readonly [string, string | Uint8Array]>([
    ['text that is no JSON', 'nonsense'],
    ['an object where version 2 has an array', '{"topic":"room:a"}'],
    ['an array too short', '["1","1","room:a","phx_join"]'],
    ['a lone surrogate', '["1","1","room:a","phx_join",{"text":"\\ud83d\\ude00 \\ud83d"}]'],
    ['a topic that is not UTF-8', new Uint8Array([0, 1, 1, 2, 1, 49, 49, 0xff, 0xfe, 101])],
    ['a ref that is not UTF-8', new Uint8Array([0, 1, 1, 2, 1, 49, 0xff, 116, 116, 101])],
    ['no bytes at all', new Uint8Array()],
    ['bytes of an unknown kind', new Uint8Array([9, 1, 1, 1, 1])],
    ['a binary frame cut short', new Uint8Array([0, 200, 1, 6, 4, 49])],
  ])('closes with 1011 after %s, and touches no other connection', async (_name, frame) => {
    const { url, traced } = await start(echo)
    const [bad, good] = [await rawClient(url), await rawClient(url)]
    bad.send(frame)
    expect(await bad.closed).toBe(1011)
    expect(traced).toContainEqual(expect.objectContaining({ _tag: 'MalformedFrame', path: '/socket' }))
    good.send([null, '1', 'phoenix', 'heartbeat', {}])
    expect(await good.next()).toEqual(reply(null, '1', 'phoenix', 'ok', {}))
  })

  it.each([
    ['nothing', '{"topic":"room:a","event":"phx_join","payload":{}}'],
    ['no payload', '{"topic":"room:a","event":"phx_join","ref":"1"}'],
    ['a list', '[null,"1","phoenix","heartbeat",{}]'],
    ['a lone surrogate', '{"topic":"room:a","event":"phx_join","payload":"\\udc00","ref":"1"}'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff])],
  ])('closes with 1011 in version 1.0.0 after a message with %s for a ref', async (_name, frame) => {
    const { url } = await start(echo)
    const bad = await rawClient(url.replace('2.0.0', '1.0.0'))
    bad.send(frame)
    expect(await bad.closed).toBe(1011)
  })

  it('takes refs of any JSON in version 1.0.0 and gives them back, also in a frame of bytes', async () => {
    const { url } = await start(echo)
    const client = await rawClient(url.replace('2.0.0', '1.0.0'))
    const heartbeat = { topic: 'phoenix', event: 'heartbeat', payload: {}, ref: 7 }
    client.send(JSON.stringify(heartbeat))
    client.send(Buffer.from(JSON.stringify({ ...heartbeat, ref: { a: 1 } })))
    expect((await client.take(2)).map((answer) => (answer as { ref: unknown }).ref)).toEqual([7, { a: 1 }])
  })

  it('takes a text with an emoji that is written as two escapes, and the text of an escape', async () => {
    const { url } = await start(echo)
    const client = await rawClient(url)
    client.send('[null,"1","phoenix","heartbeat",{"text":"\\ud83d\\ude00 \\\\ud83d"}]')
    expect(await client.next()).toEqual(reply(null, '1', 'phoenix', 'ok', {}))
  })

  it('closes with 1009 after a frame that is too large, and with 1007 after text that is not UTF-8', async () => {
    const { url } = await start({ ...echo, websocket: { maxFrameSize: 100 } })
    const large = await rawClient(url)
    large.send('x'.repeat(101))
    expect(await large.closed).toBe(1009)
    const broken = await rawClient(url)
    broken.ws.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect(await broken.closed).toBe(1007)
  })

  it('survives requests that are not HTTP, have no path, or end in the middle', async () => {
    const { server, url } = await start(echo)
    for (const text of [
      'GET http://[::x HTTP/1.1\r\nhost: a\r\n\r\n',
      'nonsense\r\n\r\n',
      'GET /socket/websocket HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    ]) {
      const tcp = connectTcp(server.port, '127.0.0.1')
      tcp.on('error', () => undefined)
      tcp.end(text)
      tcp.resume()
      await once(tcp, 'close')
    }
    const client = await rawClient(url)
    client.ws.close()
    expect(await client.closed).toBe(1000)
  })

  it('does not let a query pollute prototypes', async () => {
    let seen: unknown
    const { url } = await start({
      ...echo,
      connect: ({ params }) => {
        seen = params
      },
    })
    const client = await rawClient(
      `${url}&__proto__[polluted]=1&a[__proto__][polluted]=1&constructor[prototype][polluted]=1`,
    )
    client.ws.close()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.keys(seen as object).sort()).toEqual(['constructor', 'vsn'])
  })

  it.each<readonly [string, unknown]>([
    ['no sockets', { sockets: {} }],
    ['a mount point without a slash', { sockets: { socket: echo } }],
    ['a mount point with one at its end', { sockets: { '/socket/': echo } }],
    ['an invalid port', { sockets: { '/socket': echo }, port: 70_000 }],
    ['a star within a pattern', { sockets: { '/socket': { channels: { 'a*b': {} } } } }],
    ['an idle timeout of nothing', { sockets: { '/socket': { ...echo, websocket: { idleTimeoutMs: 0 } } } }],
    ["a port on a server of one's own", { sockets: { '/socket': echo }, server: createServer(), port: 1 }],
  ])('refuses options with %s', async (_name, options) => {
    await expect(phoenixServer(options as ServerOptions)).rejects.toThrow(InvalidArgument)
  })
})

describe('options', () => {
  it('that are undefined count as omitted', async () => {
    const websocket = {
      idleTimeoutMs: undefined,
      maxFrameSize: undefined,
      compress: undefined,
      subprotocols: undefined,
    }
    const longpoll = { windowMs: undefined, allowOrigin: undefined }
    const { server, url } = await start({ ...echo, websocket, longpoll } as unknown as SocketDefinition)
    const client = await rawClient(url)
    client.send([null, '1', 'phoenix', 'heartbeat', {}])
    expect(await client.next()).toEqual(reply(null, '1', 'phoenix', 'ok', {}))
    const polled = await fetch(`${server.url.replace('ws', 'http')}/socket/longpoll?vsn=2.0.0`)
    expect(polled.headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('functions of the user that throw', () => {
  it.each<readonly [string, () => unknown]>([
    [
      'throw',
      () => {
        throw new Error('oops')
      },
    ],
    ['reject', () => Promise.reject(new Error('oops'))],
  ])('answer 500 when they %s for another request', async (_name, request) => {
    const { server } = await start(echo, { request })
    expect((await fetch(`${server.url.replace('ws', 'http')}/page`)).status).toBe(500)
  })

  it('answer 500 when they check the origin', async () => {
    const checkOrigin = (): boolean => {
      throw new Error('oops')
    }
    const { server, url } = await start({ ...echo, checkOrigin, longpoll: true })
    const ws = new WebSocket(url, { origin: 'http://a.example' })
    const [error] = (await once(ws, 'error')) as [Error]
    expect(error.message).toContain('500')
    const poll = `${server.url.replace('ws', 'http')}/socket/longpoll?vsn=2.0.0`
    expect((await fetch(poll, { headers: { origin: 'http://a.example' } })).status).toBe(500)
  })
})

describe('the end of a server', () => {
  it('does not wait for a connect that never decides', async () => {
    let asked = (): void => undefined
    const arrived: Promise<void> = new Promise((resolve) => {
      asked = resolve
    })
    const connect = (): Promise<never> => {
      asked()
      return new Promise(() => undefined)
    }
    const { server, url } = await start({ ...echo, connect })
    const failed = once(new WebSocket(url), 'error')
    await arrived
    await server.close()
    expect(await failed).toHaveLength(1)
  })

  it('closes its clients with 1012, cuts those that do not answer, and frees the port', async () => {
    const { server, url } = await start(echo)
    const [polite, mute] = [await rawClient(url), await rawClient(url)]
    mute.ws.pause()
    await server.close()
    expect(await polite.closed).toBe(1012)
    mute.ws.resume()
    await mute.closed
    const again = await phoenixServer({ sockets: { '/socket': echo }, port: server.port })
    await again.close()
    await again.close() // a second call changes nothing
  })

  it('is announced by drain, after which clients may come back', async () => {
    const { server, url } = await start(echo)
    const client = await rawClient(url)
    server.drain()
    expect(await client.closed).toBe(1012)
    const back = await rawClient(url)
    back.ws.close()
    expect(await back.closed).toBe(1000)
  })
})

describe("an http server of one's own", () => {
  const get = (port: number, path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      request({ port, path, host: '127.0.0.1', agent: false }, (response) => {
        let body = ''
        response.on('data', (part: Buffer) => (body += part.toString()))
        response.on('end', () => {
          resolve(`${response.statusCode ?? 0} ${body}`)
        })
      })
        .on('error', reject)
        .end()
    })

  it('keeps its own listeners, and gets everything back', async () => {
    const http = createServer((_request, response) => response.end('mine'))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    const server = await phoenixServer({ server: http, sockets: { '/socket': { ...echo, longpoll: true } } })
    expect(server.port).toBe(port)
    expect(await get(port, '/page')).toBe('200 mine')
    expect(await get(port, '/socket/longpoll?vsn=2.0.0')).toContain('"status":410')
    const client = await rawClient(`${server.url}/socket/websocket?vsn=2.0.0`)
    await server.close()
    expect(await client.closed).toBe(1012)
    expect(await get(port, '/socket/longpoll?vsn=2.0.0')).toBe('200 mine')
    expect(http.listenerCount('upgrade')).toBe(0)
    http.close()
    await once(http, 'close')
  })

  it('may get its listener later, and carry two of these servers, the first one first', async () => {
    const http = createServer()
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    const longpoll = { ...echo, longpoll: true }
    const first = await phoenixServer({ server: http, sockets: { '/one': longpoll } })
    const second = await phoenixServer({ server: http, sockets: { '/two': longpoll } })
    expect(await get(port, '/page')).toContain('404')
    const seen: unknown[] = []
    http.on('request', (asked, response) => {
      seen.push(asked.url)
      response.writeHead(200).end('mine')
    })
    expect(await get(port, '/page')).toBe('200 mine')
    for (const path of ['/one', '/two'])
      expect(await get(port, `${path}/longpoll?vsn=2.0.0`)).toContain('"status":410')
    await first.close()
    expect(await get(port, '/one/longpoll')).toBe('200 mine')
    expect(await get(port, '/two/longpoll?vsn=2.0.0')).toContain('"status":410')
    await second.close()
    expect(await get(port, '/two/longpoll')).toBe('200 mine')
    expect(seen).toEqual(['/page', '/one/longpoll', '/two/longpoll'])
    http.close()
    await once(http, 'close')
  })
})
