import { jest } from '@jest/globals'
import { firstValueFrom, lastValueFrom, map, type Observable, ReplaySubject, Subject, tap } from 'rxjs'
import { WebSocket } from 'ws'
import { type LinkEvent, type WebSocketOptions, webSocketTransport } from '../../lib/index.ts'
import { type BareServer, bareServer, type BareServerOptions } from './bare-server.ts'

describe('webSocketTransport on Node', () => {
  let server: BareServer
  const serve = async (options: BareServerOptions): Promise<void> => {
    server = await bareServer(options)
  }
  const events = (options: WebSocketOptions = {}, target = {}): Observable<LinkEvent> =>
    webSocketTransport(options)({ url: server.url, params: {}, vsn: '2.0.0', ...target })
  const writeHundred = (event: LinkEvent): void => {
    if (event.type === 'open') for (let i = 0; i < 100; i++) event.link.send('x'.repeat(10))
  }

  afterEach(() => server.close())

  it('asks for the path, the params and the version, with the headers and protocols of its options', async () => {
    const asked: unknown[] = []
    await serve({
      onSocket: (_socket, { url, headers }) =>
        asked.push(url, headers['x-a'], headers.origin, headers['sec-websocket-protocol']),
    })
    const headers = { 'x-a': '1', origin: 'https://app.test' }
    await firstValueFrom(
      events({ headers, protocols: ['p1', 'p2'] }, { params: { a: { b: 1 }, l: ['x', 'y'] } }),
    )

    expect(asked).toEqual([
      '/socket/websocket?a%5Bb%5D=1&l%5B%5D=x&l%5B%5D=y&vsn=2.0.0',
      '1',
      'https://app.test',
      'p1,p2',
    ])
  })

  it('sends where ws exposes no TCP socket, as in Bun', async () => {
    const heard = new Subject<string>()
    await serve({
      onSocket: (socket) =>
        socket.on('message', (data: Buffer) => {
          heard.next(data.toString())
        }),
    })
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the WebSocket below
    const { emit } = WebSocket.prototype
    const told = jest.spyOn(WebSocket.prototype, 'emit').mockImplementation(function (
      this: WebSocket,
      event,
      ...args
    ) {
      return emit.call(this, event, ...(event === 'upgrade' ? [{ socket: null }] : (args as unknown[])))
    })
    const first = firstValueFrom(heard)
    const held = events().subscribe((event) => {
      if (event.type === 'open') event.link.send('hello')
    })

    expect(await first).toBe('hello')
    expect(told).toHaveBeenCalledWith('upgrade', expect.anything())
    held.unsubscribe()
    told.mockRestore()
  })

  it('carries the auth token as a sub-protocol after those of the options, and not in the URL', async () => {
    const asked: unknown[] = []
    await serve({
      onSocket: (_socket, { url, headers }) => asked.push(url, headers['sec-websocket-protocol']),
    })
    await firstValueFrom(events({ protocols: ['p1'] }, { authToken: 'my.token' }))

    expect(asked).toEqual([
      '/socket/websocket?vsn=2.0.0',
      `p1,phoenix,base64url.bearer.phx.${Buffer.from('my.token').toString('base64').replace(/=+$/, '')}`,
    ])
  })

  it('carries texts and bytes both ways, in order', async () => {
    await serve({
      onSocket: (socket) => {
        socket.on('message', (data, isBinary) => {
          socket.send(data as Buffer, { binary: isBinary })
        })
      },
    })
    const echoed: unknown[] = []
    const all: Promise<void> = new Promise((resolve) => {
      const subscription = events().subscribe((event) => {
        if (event.type === 'open') {
          for (const frame of ['text é', new Uint8Array([1, 2, 255]), 'last']) event.link.send(frame)
          return
        }
        echoed.push(typeof event.frame === 'string' ? event.frame : [...event.frame])
        if (event.frame === 'last') {
          subscription.unsubscribe()
          resolve()
        }
      })
    })
    await all

    expect(echoed).toEqual(['text é', [1, 2, 255], 'last'])
  })

  it('closes with 1007 at a text that is not UTF-8, and hears nothing more of that server', async () => {
    const codes: ReplaySubject<number> = new ReplaySubject(1)
    await serve({
      onSocket: (socket) => {
        socket.on('close', (code) => {
          codes.next(code)
        })
        for (const bytes of [Buffer.from('é'), Buffer.from([0x22, 0xff, 0x22]), Buffer.from('late')])
          socket.send(bytes, { binary: false })
      },
    })
    const heard: unknown[] = []
    const cause: unknown = await lastValueFrom(
      events().pipe(
        tap((event) => {
          if (event.type === 'frame') heard.push(event.frame)
        }),
      ),
    ).catch((error: unknown) => error)

    expect(heard).toEqual(['é'])
    expect(cause).toMatchObject({ _tag: 'ConnectionClosed', code: 1007 })
    expect(await firstValueFrom(codes)).toBe(1007)
  })

  it('sends the writes of one turn together', async () => {
    const chunks: number[] = []
    const closing: Subject<void> = new Subject()
    await serve({
      onSocket: (socket, _request, tcp) => {
        tcp.prependListener('data', (chunk: Buffer) => chunks.push(chunk.length))
        socket.on('close', () => {
          closing.next()
        })
      },
    })
    const closed = firstValueFrom(closing)
    const opened = await firstValueFrom(events().pipe(tap(writeHundred)))
    await closed

    expect(opened.type).toBe('open')
    // 100 frames of 10 bytes, each with 2 + 4 bytes of header and mask, and the close frame.
    expect(chunks[0]).toBeGreaterThanOrEqual(100 * 16)
    expect(chunks.length).toBeLessThanOrEqual(2)
  })

  it('closes with code 1000 when it is unsubscribed', async () => {
    const codes: ReplaySubject<number> = new ReplaySubject(1)
    await serve({
      onSocket: (socket) => {
        socket.on('close', (code) => {
          codes.next(code)
        })
      },
    })
    const opened = await firstValueFrom(events().pipe(map(({ type }) => type)))

    expect(opened).toBe('open')
    expect(await firstValueFrom(codes)).toBe(1000)
  })

  it('abandons a server that never answers the close', async () => {
    let tcpClosed: Promise<unknown> | undefined
    await serve({
      onSocket: (_socket, _request, tcp) => {
        tcp.removeAllListeners('data').resume()
        tcpClosed = new Promise((resolve) => {
          tcp.on('close', () => {
            resolve(undefined)
          })
        })
      },
    })
    await firstValueFrom(events())
    // It takes ws by itself 30 s, which is longer than this test may.
    expect(await tcpClosed).toBeUndefined()
  })
})
