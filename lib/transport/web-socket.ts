import { DEV } from '../protocol/dev.ts'
import { isLeft } from 'fp-ts/Either'
import { defer } from 'rxjs'
import { checkWebSocketOptions, openWebSocket } from './platform-node.ts'
import { authTokenProtocols } from '../protocol/auth-token.ts'
import { optionsIn } from '../protocol/checked.ts'
import { addressOf, unusable } from './address.ts'
import { type WebSocketOptions } from './platform.ts'
import { type Transport, type TransportTarget } from './transport.ts'

/**
 * The WebSocket transport: the native class in browsers, the package `ws` on Node.
 *
 * The auth token travels as a sub-protocol, never in the URL. On Node a refused upgrade is reported with its HTTP status;
 * a browser hides it. Unsubscribing closes with code 1000, also while the connection is being opened.
 *
 * @param options - sub-protocols, another WebSocket class and, on Node, headers, agent, TLS and limits.
 * @throws `InvalidArgument` for an option that the platform cannot honour, and for headers that no request can carry.
 */
export const webSocketTransport = (options: WebSocketOptions = {}): Transport => {
  if (DEV) optionsIn('options', options)
  checkWebSocketOptions(options)
  return (target) =>
    defer(() => {
      const url = addressOf(target, 'websocket')
      return openWebSocket(url, protocolsFor(target, options), options, target.scheduler)
    })
}

const protocolsFor = ({ authToken }: TransportTarget, { protocols = [] }: WebSocketOptions): string[] => {
  if (authToken === undefined) return [...protocols]
  const token = authTokenProtocols(authToken)
  if (isLeft(token)) throw unusable(token.left)
  return [...protocols, ...token.right]
}
