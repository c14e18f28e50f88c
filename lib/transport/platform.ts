import { type SchedulerLike } from 'rxjs'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { type Frame } from '../protocol/message.ts'
import { type Link } from './transport.ts'

/** The shape of the `WebSocket` class of browsers, Deno, Bun, Node 22 and of several packages. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocket

/** Options of `webSocketTransport`. Those below `protocols` and `WebSocket` need Node; a browser cannot honour them. */
export interface WebSocketOptions {
  /** Further sub-protocols to offer, before those of the auth token. Default: none. */
  readonly protocols?: readonly string[]
  /** Another WebSocket class. Default: the native one in browsers, the package `ws` on Node. */
  readonly WebSocket?: WebSocketConstructor
  /** Node only. Headers of the upgrade request, such as `origin` or `cookie`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Node only. An `http.Agent` or `https.Agent`, for instance one that goes through a proxy. */
  readonly agent?: unknown
  /** Node only. TLS options, as of `tls.connect`: `ca`, `cert`, `key`, `rejectUnauthorized`, `servername`, … */
  readonly tls?: Readonly<Record<string, unknown>>
  /** Node only. The largest message that is accepted, in bytes; a larger one ends the connection with 1009. Default: 100 MiB. */
  readonly maxPayload?: number
  /** Node only. Offers permessage-deflate to the server. Default: false. */
  readonly perMessageDeflate?: boolean
}

/** The events of an open WebSocket. Nothing follows `ended`. */
export interface WebSocketEvents {
  opened(link: Link): void
  frame(frame: Frame): void
  ended(cause: ConnectionError): void
}

/**
 * Opens a WebSocket and gives the function that closes it with code 1000, in any state.
 *
 * @param scheduler - for its timers. Default: `asyncScheduler`.
 */
export type OpenWebSocket = (
  url: string,
  protocols: readonly string[],
  options: WebSocketOptions,
  events: WebSocketEvents,
  scheduler?: SchedulerLike,
) => () => void

/** Throws `InvalidArgument` for an option that cannot work on the platform. */
export type CheckWebSocketOptions = (options: WebSocketOptions) => void
