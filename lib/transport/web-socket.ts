import { isLeft } from 'fp-ts/Either'
import { Observable } from 'rxjs'
import { checkWebSocketOptions, openWebSocket } from '#platform'
import { authTokenProtocols } from '../protocol/auth-token.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { endpointUrl } from '../protocol/endpoint-url.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type WebSocketOptions } from './platform.ts'
import { type LinkEvent, type Transport, type TransportTarget } from './transport.ts'

/**
 * The WebSocket transport: the native class in browsers, the package `ws` on Node.
 *
 * The auth token travels as a sub-protocol, never in the URL. On Node a refused upgrade is told with its HTTP status;
 * a browser hides it. Unsubscribing closes with code 1000, also while the connection is being opened.
 *
 * @param options - sub-protocols, another WebSocket class and, on Node, headers, agent, TLS and limits.
 * @throws `InvalidArgument` for an option that the platform cannot honour.
 */
export const webSocketTransport = (options: WebSocketOptions = {}): Transport => {
  checkWebSocketOptions(options)
  return (target) =>
    new Observable<LinkEvent>((subscriber) => {
      const request = requestFor(target, options)
      if (request instanceof InputFailed) {
        subscriber.error(request)
        return undefined
      }
      return openWebSocket(request.url, request.protocols, options, {
        opened: (link) => {
          subscriber.next({ type: 'open', link })
        },
        frame: (frame) => {
          subscriber.next({ type: 'frame', frame })
        },
        ended: (cause) => {
          subscriber.error(cause)
        },
      })
    })
}

interface UpgradeRequest {
  readonly url: string
  readonly protocols: readonly string[]
}

const requestFor = (
  { url, params, vsn, authToken }: TransportTarget,
  { protocols = [] }: WebSocketOptions,
): UpgradeRequest | InputFailed => {
  const address = endpointUrl(url, { path: 'websocket', params, vsn, base: pageAddress() })
  if (isLeft(address)) {
    // Named by its own name: plain params that cannot be carried stop the socket, a plain url beside them does not.
    const isUrl = isLeft(endpointUrl(url, { path: 'websocket', params: {}, vsn, base: pageAddress() }))
    const { reason } = address.left
    return isUrl
      ? new InputFailed('url', new InvalidArgument('url', url, reason))
      : new InputFailed('params', new InvalidArgument('params', params, reason))
  }
  if (authToken === undefined) return { url: address.right, protocols }
  // A function or stream may give anything, and `null` would travel as the token "null".
  if (typeof (authToken as unknown) !== 'string')
    return new InputFailed(
      'authToken',
      new InvalidArgument('authToken', authToken, 'give a string, or undefined.'),
    )
  const token = authTokenProtocols(authToken)
  return isLeft(token)
    ? new InputFailed('authToken', new InvalidArgument('authToken', authToken, token.left.reason))
    : { url: address.right, protocols: [...protocols, ...token.right] }
}

/** What a relative address is relative to: the page, if there is one. */
export const pageAddress = (): string | undefined =>
  (globalThis as { location?: { href?: string } }).location?.href
