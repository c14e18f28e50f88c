import { type Observable, type SchedulerLike } from 'rxjs'
import { type LinkEvent } from './transport.ts'

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

/**
 * Opens a WebSocket for each subscription. Unsubscribing closes it with code 1000, in any state.
 *
 * @param scheduler - for its timers. Default: `asyncScheduler`.
 */
export type OpenWebSocket = (
  url: string,
  protocols: string[],
  options: WebSocketOptions,
  scheduler?: SchedulerLike,
) => Observable<LinkEvent>

/** Throws `InvalidArgument` for an option that cannot work on the platform. */
export type CheckWebSocketOptions = (options: WebSocketOptions) => void
