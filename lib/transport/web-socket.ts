import { DEV } from '../protocol/dev.ts'
import { isLeft } from 'fp-ts/Either'
import { Observable } from 'rxjs'
import { checkWebSocketOptions, openWebSocket } from './platform-node.ts'
import { authTokenProtocols } from '../protocol/auth-token.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { optionsIn } from '../protocol/options-in.ts'
import { addressOf, unusable } from './address.ts'
import { type WebSocketOptions } from './platform.ts'
import { type LinkEvent, type Transport, type TransportTarget } from './transport.ts'

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
    new Observable<LinkEvent>((subscriber) => {
      const request = requestFor(target, options)
      if (request instanceof InputFailed) {
        subscriber.error(request)
        return undefined
      }
      return openWebSocket(
        request.url,
        request.protocols,
        options,
        {
          opened: (link) => {
            subscriber.next({ type: 'open', link })
          },
          frame: (frame) => {
            subscriber.next({ type: 'frame', frame })
          },
          ended: (cause) => {
            subscriber.error(cause)
          },
        },
        target.scheduler,
      )
    })
}

interface UpgradeRequest {
  readonly url: string
  readonly protocols: readonly string[]
}

const requestFor = (
  target: TransportTarget,
  { protocols = [] }: WebSocketOptions,
): UpgradeRequest | InputFailed => {
  const { authToken } = target
  const url = addressOf(target, 'websocket')
  if (typeof url !== 'string') return url
  if (authToken === undefined) return { url, protocols }
  const token = authTokenProtocols(authToken)
  return isLeft(token)
    ? unusable('authToken', authToken, token.left.reason)
    : { url, protocols: [...protocols, ...token.right] }
}
