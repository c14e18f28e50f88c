import { type AddressInfo, createServer } from 'node:net'
import { type Duplex } from 'node:stream'
import {
  firstValueFrom,
  lastValueFrom,
  ReplaySubject,
  Subject,
  type Subscription,
  VirtualTimeScheduler,
} from 'rxjs'
import {
  type ConnectionError,
  InvalidArgument,
  type WebSocketOptions,
  webSocketTransport,
} from '../../lib/index.ts'
import { factsOf } from '../support/facts-of.ts'
import { type BareServer, bareServer, type BareServerOptions, refuse } from './bare-server.ts'

describe('webSocketTransport on Node, when it fails', () => {
  let server: BareServer | undefined
  const failureOf = async (
    serving: BareServerOptions,
    options: WebSocketOptions = {},
    target = {},
  ): Promise<ConnectionError> => {
    server = await bareServer(serving)
    return lastValueFrom(
      webSocketTransport(options)({ url: server.url, params: {}, vsn: '2.0.0', ...target }),
    ).then(
      () => {
        throw new Error('it completed')
      },
      (error: unknown) => error as ConnectionError,
    )
  }

  afterEach(async () => {
    await server?.close()
    server = undefined
  })

  it.each([
    ['403 Forbidden', [], '', { status: 403, body: undefined, retryAfterMs: undefined }],
    ['404 Not Found', [], 'no socket here', { status: 404, body: 'no socket here', retryAfterMs: undefined }],
    ['429 Too Many', ['retry-after: 7'], '', { status: 429, body: undefined, retryAfterMs: 7000 }],
    ['503 Away', ['retry-after: Wed, 21 Oct 2026 07:28:00 GMT'], '', { status: 503, body: undefined }],
    ['500 Oops', [], 'x'.repeat(5000), { status: 500, body: 'x'.repeat(1000) }],
    ['302 Found', ['location: /login'], '', { status: 302 }],
  ])('reports the facts of an upgrade refused with %s', async (status, headers, body, facts) => {
    const error = await failureOf({ onUpgrade: refuse(status, headers, body) })

    expect(error._tag).toBe('ConnectionRefused')
    expect(factsOf(error)).toMatchObject(facts)
  })

  it('reports the status of a refusal whose body does not end', async () => {
    const error = await failureOf({
      onUpgrade: (tcp) => {
        tcp.write('HTTP/1.1 503 Away\r\ncontent-length: 100\r\n\r\nhalf')
      },
    })

    expect(error).toMatchObject({ _tag: 'ConnectionRefused', status: 503, body: 'half' })
  })

  it.each([
    [1000, 'bye'],
    [1001, ''],
    [1012, 'restart'],
    [4321, 'é'],
  ])('reports close code %i and reason "%s"', async (code, reason) => {
    const error = await failureOf({
      onSocket: (socket) => {
        socket.close(code, reason)
      },
    })

    expect(error._tag).toBe('ConnectionClosed')
    expect(error).toMatchObject({ code, reason, wasClean: true })
  })

  it('reports a link that was cut as code 1006', async () => {
    const error = await failureOf({
      onSocket: (_socket, _request, tcp) => {
        tcp.destroy()
      },
    })

    expect(error).toMatchObject({ _tag: 'ConnectionClosed', code: 1006, wasClean: false })
  })

  it('ends with code 1006 or 1009 when a message is larger than maxPayload', async () => {
    const codes: number[] = []
    const error = await failureOf(
      {
        onSocket: (socket) => {
          socket.on('close', (code) => codes.push(code))
          socket.send('x'.repeat(100))
        },
      },
      { maxPayload: 50 },
    )

    expect(error._tag).toBe('ConnectionClosed')
    expect([1006, 1009]).toContain((error as { code: number }).code)
  })

  it('reports a closed port', async () => {
    const nobody = createServer()
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
    const { port } = nobody.address() as AddressInfo
    await new Promise((resolve) => nobody.close(resolve))
    const error = await failureOf({}, {}, { url: `ws://127.0.0.1:${port}/socket` })

    expect(error._tag).toBe('ConnectionFailed')
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('reports a server that does not speak HTTP, and one that hangs up', async () => {
    const garbage = await failureOf({ onUpgrade: (tcp) => tcp.end('hello\r\n\r\n') })
    await server?.close()
    const hangUp = await failureOf({ onUpgrade: (tcp) => tcp.destroy() })

    expect([garbage._tag, hangUp._tag]).toEqual(['ConnectionFailed', 'ConnectionFailed'])
  })

  it.each([
    ['url', { url: 'ftp://host' }],
    ['url', { url: undefined }],
    ['params', { params: { big: { toJSON: () => 1n } } }],
    ['params', { params: null }],
    ['authToken', { authToken: '???' }],
    ['authToken', { authToken: null }],
    ['authToken', { authToken: 42 }],
  ])('says that the input "%s" cannot be used: %p', async (input, target) => {
    expect(await failureOf({}, {}, target)).toMatchObject({ _tag: 'InputFailed', input })
  })

  it.each([
    ['a name with a space', { 'x y': 'hush' }, 'webSocketTransport.headers'],
    ['a value with a line break', { 'x-a': 'hush\n' }, 'webSocketTransport.headers["x-a"]'],
    ['no text', { 'x-a': undefined }, 'webSocketTransport.headers["x-a"]'],
    ['no headers', null, 'webSocketTransport.headers'],
  ])('throws at the call for headers that cannot travel: %s', (_case, headers, argument) => {
    const make = (): unknown => webSocketTransport({ headers: headers as never })

    expect(make).toThrow(InvalidArgument)
    expect(make).toThrow(`${argument} is`)
    expect(make).not.toThrow('hush')
  })

  it('names authToken and the option of the server when no sub-protocol is accepted', async () => {
    const error = await failureOf({ subProtocols: false }, {}, { authToken: 'abc' })

    expect(error).toMatchObject({ _tag: 'ConnectionFailed' })
    expect(error.message).toMatch(/subprotocol.*authToken.*`auth_token: true`.*sec-websocket-protocol/)
  })

  describe('on the scheduler of the socket', () => {
    it('waits for the body of a refusal', async () => {
      const scheduler = new VirtualTimeScheduler()
      const halfway = new Subject<void>()
      const failure = failureOf(
        {
          onUpgrade: (tcp) => {
            tcp.write('HTTP/1.1 503 Away\r\ncontent-length: 100\r\n\r\nhalf')
            halfway.next()
          },
        },
        {},
        { scheduler },
      )
      await firstValueFrom(halfway)
      while (scheduler.actions.length === 0) await new Promise((resolve) => setImmediate(resolve))
      expect(scheduler.actions.map(({ delay }) => delay)).toEqual([500])
      scheduler.flush()

      expect(await failure).toMatchObject({ _tag: 'ConnectionRefused', status: 503 })
    })

    it.each([
      ['the server', 1001],
      ['the client', undefined],
    ])('cuts TCP that stays open after a close of %s', async (closing, code) => {
      const scheduler = new VirtualTimeScheduler()
      const open = new ReplaySubject<Duplex>(1)
      server = await bareServer({
        onSocket: (socket, _request, tcp) => {
          // Neither answers a close nor ends TCP.
          socket.removeAllListeners()
          tcp.removeAllListeners('data').resume()
          // A close frame with code 1001.
          if (closing === 'the server') tcp.write(Buffer.of(0x88, 2, 0x03, 0xe9))
          open.next(tcp)
        },
      })
      const ended = new ReplaySubject<unknown>(1)
      const subscription = webSocketTransport()({
        url: server.url,
        params: {},
        vsn: '2.0.0',
        scheduler,
      }).subscribe({
        next: () => {
          if (closing === 'the client')
            setImmediate(() => {
              subscription.unsubscribe()
              ended.next({})
            })
        },
        error: (error: unknown) => {
          ended.next(error)
        },
      })
      const tcp = await firstValueFrom(open)
      const cut = new Promise((resolve) => tcp.once('close', resolve))
      while (scheduler.actions.length === 0) await new Promise((resolve) => setImmediate(resolve))
      expect(scheduler.actions.map(({ delay }) => delay)).toEqual([800])
      scheduler.flush()
      await cut

      expect(((await firstValueFrom(ended)) as { code?: number }).code).toBe(code)
    })
  })

  it('closes the link without an error when it is unsubscribed while it connects', async () => {
    const asked: Subject<Duplex> = new Subject()
    const heard: unknown[] = []
    server = await bareServer({
      onUpgrade: (tcp) => {
        asked.next(tcp)
      },
    })
    const connecting$ = webSocketTransport()({ url: server.url, params: {}, vsn: '2.0.0' })
    const connect = (): Subscription =>
      connecting$.subscribe({ error: (error: unknown) => heard.push(error) })
    connect().unsubscribe()
    const upgrade = firstValueFrom(asked)
    const subscription = connect()
    const tcp = await upgrade
    subscription.unsubscribe()
    await new Promise((resolve) => tcp.resume().on('end', resolve).on('close', resolve))

    expect(heard).toEqual([])
  })
})
