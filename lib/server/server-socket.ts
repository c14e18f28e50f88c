import { type IncomingHttpHeaders } from 'node:http'
import { type QueryParams } from './query-params.ts'

/** State of a connection or of a join, under names of your choice. */
export type Assigns = Record<string, unknown>

/** By what a client is connected. */
export type TransportName = 'websocket' | 'longpoll'

/** What is known of a client that asks for a connection. */
export interface ConnectInfo {
  /** The query, decoded as Plug does; `vsn` is among it. Objects without prototype. */
  readonly params: QueryParams
  /** The token of the sub-protocol or of the header `x-phoenix-authtoken`; null without a token. */
  readonly authToken: string | null
  readonly headers: IncomingHttpHeaders
  readonly transport: TransportName
  /** The address of the peer, if the transport has it. */
  readonly remoteAddress: string | undefined
}

/** One connection, as channels see it. */
export interface ServerSocket extends ConnectInfo {
  /** What `id` returned; `server.disconnect(id)` closes all connections that have it. */
  readonly id: string | null
  /** What `connect` returned. */
  readonly assigns: Readonly<Assigns>
}
