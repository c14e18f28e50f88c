import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Duplex } from 'node:stream'
import { isLeft } from 'fp-ts/Either'
import { WebSocketServer } from 'ws'
import { type Connected, connect, crashAnswer, originAllowed } from './connect.ts'
import { type EndpointHost } from './endpoint-host.ts'
import { answerRequest, answerUpgrade, CACHE_CONTROL, notAnUpgrade } from './http-answer.ts'
import { type Mount } from './mount.ts'
import { negotiate } from './offered-protocols.ts'
import { queryParams } from './query-params.ts'
import { refuse, type Refused, type WebSocketOptions } from './socket-definition.ts'
import { AnsweringWebSocket, webSocketLink } from './web-socket-link.ts'

export interface WebSocketEndpoint {
  /** Takes over the raw socket of an upgrade request. */
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer, query: URLSearchParams): void
  /** Answers a request that is not an upgrade: with the refusal that an upgrade would get, else with status 400. */
  request(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void
}

/** A client that may come in, and the sub-protocol that is chosen for it. */
interface Admitted extends Connected {
  readonly selected: string | undefined
}

/** The time that a client has to answer a close frame, in milliseconds. */
const CLOSE_TIMEOUT_MS = 2_000

/** `/websocket` below a mount point. */
export const webSocketEndpoint = (
  mount: Mount,
  options: Required<WebSocketOptions>,
  host: EndpointHost,
): WebSocketEndpoint => {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    WebSocket: AnsweringWebSocket,
    maxPayload: options.maxFrameSize,
    perMessageDeflate: options.compress ? { serverNoContextTakeover: true } : false,
    closeTimeout: CLOSE_TIMEOUT_MS, // which the types of `ws` do not know yet, hence the cast
  } as ConstructorParameters<typeof WebSocketServer<typeof AnsweringWebSocket>>[0])
  server.on('headers', (headers) => {
    headers.push(`cache-control: ${CACHE_CONTROL}`)
  })

  const open = (ws: AnsweringWebSocket, raw: Duplex, connected: Connected): void => {
    const link = webSocketLink(ws, raw, {
      idleTimeoutMs: options.idleTimeoutMs,
      message: (frame) => {
        process.receive(frame)
      },
      closed: () => {
        process.ended()
        host.finish(process)
      },
    })
    const process = host.start(mount, connected, 'websocket', link)
  }

  /** Whether the request may come in: as Phoenix does it, before it is looked at whether it is an upgrade at all. */
  const ask = async (request: IncomingMessage, query: URLSearchParams): Promise<Refused | Admitted> => {
    const { definition } = mount
    const { headers } = request
    if (!host.admits() || !originAllowed(definition.checkOrigin, headers.origin)) return refuse()
    const negotiated = negotiate(headers['sec-websocket-protocol'], {
      authToken: definition.authToken ?? false,
      demanded: options.subprotocols,
    })
    if (isLeft(negotiated)) return negotiated.left === 'TokenNotDecodable' ? crashAnswer : refuse()
    const { selected, authToken } = negotiated.right
    const result = await connect(
      mount,
      {
        params: queryParams(query),
        authToken,
        headers,
        transport: 'websocket',
        remoteAddress: request.socket.remoteAddress,
      },
      host.trace,
    )
    if (result._tag === 'Refused') {
      const protocol = selected === undefined ? {} : { 'sec-websocket-protocol': selected }
      return { ...result, headers: { ...protocol, ...result.headers } }
    }
    return host.admits() ? { ...result, selected } : refuse()
  }

  const upgrade = async (
    request: IncomingMessage,
    raw: Duplex,
    head: Buffer,
    query: URLSearchParams,
  ): Promise<void> => {
    const asked = await ask(request, query)
    if (asked._tag === 'Refused') {
      answerUpgrade(raw, asked)
      return
    }
    // `ws` would reject characters that HTTP tokens cannot have, such as the padding of a token; the choice is made already.
    if (asked.selected === undefined) delete request.headers['sec-websocket-protocol']
    else request.headers['sec-websocket-protocol'] = asked.selected
    server.handleUpgrade(request, raw, head, (ws) => {
      open(ws, raw, asked)
    })
  }

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<void> => {
    const asked = request.method === 'GET' ? await ask(request, query) : undefined
    answerRequest(response, asked?._tag === 'Refused' ? asked : notAnUpgrade(request))
  }

  return {
    upgrade: (request, raw, head, query) => {
      upgrade(request, raw, head, query).catch((error: unknown) => {
        host.trace({ _tag: 'ConnectCrashed', path: mount.path, error })
        answerUpgrade(raw, crashAnswer)
      })
    },
    request: (request, response, query) => {
      answer(request, response, query).catch((error: unknown) => {
        host.trace({ _tag: 'ConnectCrashed', path: mount.path, error })
        answerRequest(response, crashAnswer)
      })
    },
  }
}
