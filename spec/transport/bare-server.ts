import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, type Socket } from 'node:net'
import { type Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'

/** A server without Phoenix: what one side of a WebSocket sees of the other. */
export interface BareServer {
  readonly url: string
  close(): Promise<void>
}

export interface BareServerOptions {
  readonly onSocket?: (socket: WebSocket, request: IncomingMessage, tcp: Duplex) => void
  /** False: accepts none, as a socket that takes no auth token, or behind a proxy that strips the header. */
  readonly subProtocols?: false
  /** Answers the upgrade by hand, instead of accepting it. */
  readonly onUpgrade?: (tcp: Duplex, request: IncomingMessage) => void
}

/** Listens on a free port. */
export const bareServer = async ({
  onSocket = () => undefined,
  onUpgrade,
  subProtocols,
}: BareServerOptions = {}): Promise<BareServer> => {
  const http: Server = createServer()
  const open: Set<Socket> = new Set()
  const webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => subProtocols ?? [...offered][0] ?? false,
  })
  http.on('connection', (tcp) => {
    open.add(tcp)
    tcp.on('close', () => open.delete(tcp))
    tcp.on('error', () => undefined)
  })
  http.on('upgrade', (request, tcp, head) => {
    if (onUpgrade) onUpgrade(tcp, request)
    else
      webSockets.handleUpgrade(request, tcp, head, (socket) => {
        socket.on('error', () => undefined)
        onSocket(socket, request, tcp)
      })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/socket`,
    close: async () => {
      for (const tcp of open) tcp.destroy()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

/** Answers an upgrade with an HTTP status. */
export const refuse =
  (status: string, headers: readonly string[] = [], body = '') =>
  (tcp: Duplex): void => {
    tcp.end(
      [
        `HTTP/1.1 ${status}`,
        `content-length: ${body.length}`,
        'connection: close',
        ...headers,
        '',
        body,
      ].join('\r\n'),
    )
  }
