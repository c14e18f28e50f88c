import { InvalidArgument, type WebSocketConstructor, webSocketTransport } from '../../lib/index.ts'
import { checkWebSocketOptions, openWebSocket } from '../../lib/transport/platform-browser.ts'

/** A WebSocket class with the shape of the browser's, whose server is the test. */
class FakeWebSocket {
  static last: FakeWebSocket
  binaryType = 'blob'
  bufferedAmount = 7
  readonly sent: unknown[] = []
  readonly closedWith: unknown[] = []
  readonly url: string
  readonly protocols: string[] | undefined
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: (() => void) | null = null
  onclose: ((event: { code?: number; reason?: string; wasClean?: boolean }) => void) | null = null

  constructor(url: string, protocols?: string[]) {
    this.url = url
    this.protocols = protocols
    FakeWebSocket.last = this
  }

  send(frame: unknown): void {
    this.sent.push(frame)
  }

  close(code: number): void {
    this.closedWith.push(code)
  }
}

const connect = (
  authToken: string | null = 'abc',
  protocols: readonly string[] = ['p1'],
): { seen: unknown[]; ws: FakeWebSocket; unsubscribe: () => void } => {
  const seen: unknown[] = []
  const subscription = webSocketTransport({
    WebSocket: FakeWebSocket as unknown as WebSocketConstructor,
    protocols,
  })({
    url: 'wss://host/socket',
    params: { a: 1 },
    vsn: '2.0.0',
    authToken: authToken ?? undefined,
  }).subscribe({
    next: (event) => seen.push(event.type === 'open' ? event.link : event.frame),
    error: (error: unknown) => seen.push(error),
  })
  return {
    seen,
    ws: FakeWebSocket.last,
    unsubscribe: () => {
      subscription.unsubscribe()
    },
  }
}

describe('webSocketTransport with a WebSocket class', () => {
  it('opens it with address and protocols, and asks for bytes as an ArrayBuffer', () => {
    const { ws, unsubscribe } = connect()
    expect(ws.url).toBe('wss://host/socket/websocket?a=1&vsn=2.0.0')
    expect(ws.protocols).toEqual(['p1', 'phoenix', 'base64url.bearer.phx.YWJj'])
    expect(ws.binaryType).toBe('arraybuffer')
    unsubscribe()
  })

  it('gives texts as they are and bytes as a Uint8Array, and sends either', () => {
    const { ws, seen, unsubscribe } = connect()
    ws.onopen?.()
    ws.onmessage?.({ data: 'text' })
    ws.onmessage?.({ data: new Uint8Array([1, 2]).buffer })
    const link = seen.shift() as { send: (frame: unknown) => void; bufferedAmount: number }
    link.send('a')
    link.send(new Uint8Array([3]))

    expect(seen).toEqual(['text', new Uint8Array([1, 2])])
    expect(ws.sent).toEqual(['a', new Uint8Array([3])])
    expect(link.bufferedAmount).toBe(7)
    unsubscribe()
  })

  it('reports a close after it was open with its code, and one before as ConnectionFailed', () => {
    const opened = connect()
    opened.ws.onopen?.()
    opened.ws.onerror?.()
    opened.ws.onclose?.({ code: 1012, reason: 'restart', wasClean: true })
    const refused = connect()
    refused.ws.onerror?.()
    refused.ws.onclose?.({ code: 1006, reason: '', wasClean: false })

    expect(opened.seen[1]).toMatchObject({ _tag: 'ConnectionClosed', code: 1012, reason: 'restart' })
    expect(refused.seen).toMatchObject([{ _tag: 'ConnectionFailed', code: 1006 }])
    expect(String(refused.seen[0])).not.toContain('YWJj')
  })

  it('fails with the error event where no close event follows, as in Node 22', () => {
    const { ws, seen } = connect()
    ws.onerror?.()

    expect(seen).toMatchObject([{ _tag: 'ConnectionFailed', code: 1006 }])
  })

  it('waits for the close event after an error of an open connection, since that has the facts', () => {
    const { ws, seen } = connect()
    ws.onopen?.()
    ws.onerror?.()
    expect(seen).toHaveLength(1)
    ws.onclose?.({ code: 1011, reason: 'oops', wasClean: true })

    expect(seen[1]).toMatchObject({ _tag: 'ConnectionClosed', code: 1011, reason: 'oops' })
  })

  it('treats missing fields of the close event as an unclean end without a reason', () => {
    const { ws, seen } = connect()
    ws.onopen?.()
    ws.onclose?.({ code: 1001 })
    const bare = connect()
    bare.ws.onopen?.()
    bare.ws.onclose?.({})

    expect(seen[1]).toMatchObject({ code: 1001, reason: '', wasClean: false })
    expect(String(seen[1])).not.toContain('undefined')
    expect(bare.seen[1]).toMatchObject({ code: 1006, reason: '' })
  })

  it('names authToken and the option of the server where the sub-protocol may have been lost, and only there', () => {
    const offered = connect()
    offered.ws.onclose?.({ code: 1006 })
    const none = connect(null, [])
    none.ws.onclose?.({ code: 1006 })

    expect(String(offered.seen[0])).toMatch(/authToken.*`auth_token: true`/)
    expect(none.seen).toMatchObject([{ _tag: 'ConnectionFailed' }])
    expect(String(none.seen[0])).not.toContain('authToken')
  })

  it('closes with 1000 when it is unsubscribed, in any state, and emits nothing more', () => {
    const connecting = connect()
    connecting.unsubscribe()
    const open = connect()
    open.ws.onopen?.()
    open.unsubscribe()

    expect([connecting.ws.closedWith, open.ws.closedWith]).toEqual([[1000], [1000]])
    expect([open.ws.onmessage, open.ws.onclose, connecting.ws.onopen]).toEqual([null, null, null])
    // An error that nobody listens to would be thrown by some classes.
    expect(connecting.ws.onerror).not.toBeNull()
  })
})

describe('the platform of browsers', () => {
  it.each([
    ['headers', { headers: { cookie: 'hush' } }],
    ['agent', { agent: {} }],
    ['tls', { tls: {} }],
    ['maxPayload', { maxPayload: 5 }],
    ['perMessageDeflate', { perMessageDeflate: true }],
  ])('refuses the option %s, which needs Node', (option, options) => {
    const check = (): void => {
      checkWebSocketOptions(options)
    }
    expect(check).toThrow(InvalidArgument)
    expect(check).toThrow(`webSocketTransport.${option}`)
    expect(check).not.toThrow('hush')
  })

  it('takes the others, and opens the given class', () => {
    const options = { protocols: ['p1'], WebSocket: FakeWebSocket as unknown as WebSocketConstructor }
    checkWebSocketOptions(options)
    openWebSocket('wss://host', ['p2'], options).subscribe().unsubscribe()

    expect(FakeWebSocket.last.protocols).toEqual(['p2'])
    expect(FakeWebSocket.last.closedWith).toEqual([1000])
  })
})
