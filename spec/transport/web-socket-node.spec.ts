import { Agent, createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo } from 'node:net'
import { catchError, firstValueFrom, type Observable, of, skip, take, tap } from 'rxjs'
import { WebSocketServer } from 'ws'
import {
  ConnectionFailed,
  type LinkEvent,
  type WebSocketOptions,
  webSocketTransport,
} from '../../lib/index.ts'

/** A server that sends back what it gets. */
const echoOn = async (
  http: Server,
  options: { readonly perMessageDeflate?: boolean } = {},
): Promise<{ readonly port: number; readonly extensions: readonly string[] }> => {
  const extensions: string[] = []
  const webSockets = new WebSocketServer({ server: http, ...options })
  webSockets.on('connection', (socket) => {
    extensions.push(socket.extensions)
    socket.on('message', (data, isBinary) => {
      socket.send(data as Buffer, { binary: isBinary })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return { port: (http.address() as AddressInfo).port, extensions }
}

/** What comes back of one text. */
const echo = (url: string, options: WebSocketOptions, text: string): Observable<LinkEvent> =>
  webSocketTransport(options)({ url, params: {}, vsn: '2.0.0' }).pipe(
    tap((event) => {
      if (event.type === 'open') event.link.send(text)
    }),
    skip(1),
    take(1),
  )

describe('webSocketTransport on Node, by its options', () => {
  let http: Server
  afterEach(() => new Promise((resolve) => http.close(resolve)))

  it('uses the given TLS options, here a shared key, and fails without', async () => {
    const psk = Buffer.from('a key for this test alone')
    const ciphers = 'PSK-AES128-GCM-SHA256'
    http = createTlsServer({ pskCallback: () => psk, ciphers, maxVersion: 'TLSv1.2' })
    const { port } = await echoOn(http)
    const url = `wss://127.0.0.1:${port}/socket`
    const tls = {
      pskCallback: () => ({ psk, identity: 'test' }),
      checkServerIdentity: () => undefined,
      ciphers,
      maxVersion: 'TLSv1.2',
    }

    expect(await firstValueFrom(echo(url, { tls }, 'over TLS'))).toEqual({ type: 'frame', frame: 'over TLS' })
    const without$ = echo(url, {}, 'in vain').pipe(catchError((error: unknown) => of(error)))
    expect(await firstValueFrom(without$)).toBeInstanceOf(ConnectionFailed)
  })

  it('connects through an agent, such as that of a proxy', async () => {
    http = createServer()
    const { port } = await echoOn(http)
    class Detour extends Agent {
      readonly asked: unknown[] = []
      override createConnection(
        ...[options, ...rest]: Parameters<Agent['createConnection']>
      ): ReturnType<Agent['createConnection']> {
        this.asked.push(options.host)
        return super.createConnection({ ...options, host: '127.0.0.1', port }, ...rest)
      }
    }
    const agent = new Detour()

    const echoed = await firstValueFrom(echo('ws://phoenix.test:4000/socket', { agent }, 'by a detour'))
    expect(echoed).toEqual({ type: 'frame', frame: 'by a detour' })
    expect(agent.asked).toEqual(['phoenix.test'])
  })

  it.each([
    [true, 'permessage-deflate'],
    [undefined, ''],
  ])(
    'offers compression only if it is turned on: perMessageDeflate %s',
    async (perMessageDeflate, extension) => {
      http = createServer()
      const { port, extensions } = await echoOn(http, { perMessageDeflate: true })
      const text = 'much the same, '.repeat(1_000)

      const options = perMessageDeflate === undefined ? {} : { perMessageDeflate }
      const echoed = await firstValueFrom(echo(`ws://127.0.0.1:${port}/socket`, options, text))
      expect(echoed).toEqual({ type: 'frame', frame: text })
      expect(extensions).toEqual([extension])
    },
  )
})
