import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type Serializer } from '../protocol/serializer.ts'
import { type ChannelDefinition } from './channel-definition.ts'
import { type Assigns, type ConnectInfo, type ServerSocket } from './server-socket.ts'

/** The connection is accepted: see `accept`. */
export interface Accepted {
  readonly _tag: 'Accepted'
  readonly assigns: Assigns
}

/** The connection is refused with an HTTP answer: see `refuse`. */
export interface Refused {
  readonly _tag: 'Refused'
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** What `connect` may return; nothing at all accepts. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a function that returns nothing is of type void
export type ConnectResult = Accepted | Refused | undefined | void

/** Accepts a connection; the assigns are copied into each of its channels. */
export const accept = (assigns: Assigns = {}): Accepted => ({ _tag: 'Accepted', assigns })

/** Refuses a connection: with status 403 and no body, as Phoenix does, or with a custom HTTP response. */
export const refuse = (
  answer: { status?: number; body?: string; headers?: Readonly<Record<string, string>> } = {},
): Refused => {
  const { status = 403, body = '', headers = {} } = answer
  if (!Number.isInteger(status) || status < 400 || status > 599)
    throw new InvalidArgument('status', status, 'a refusal is an HTTP status from 400 to 599.')
  return { _tag: 'Refused', status, body, headers }
}

/** Options of the WebSocket transport of a socket. */
export interface WebSocketOptions {
  /** Silence of the client, in milliseconds, after which the server closes with 1002. Default 60,000, as in Phoenix. */
  readonly idleTimeoutMs?: number
  /** The largest frame that is taken, in bytes; a larger one closes the connection with 1009. Default 8,000,000. */
  readonly maxFrameSize?: number
  /** Accepts permessage-deflate. Default false. */
  readonly compress?: boolean
  /** Sub-protocols of which the client must offer one, if it offers any. Default: none is demanded. */
  readonly subprotocols?: readonly string[]
}

/** Options of the long-poll transport of a socket. */
export interface LongPollOptions {
  /** How long a poll waits for messages, in milliseconds. Default 10,000. */
  readonly windowMs?: number
  /** Header `access-control-allow-origin`. Default `*`, as in Phoenix. */
  readonly allowOrigin?: string
}

/** What is mounted at a path: who may connect, and which channels there are. */
export interface SocketDefinition {
  /** Accepts or refuses. May be asynchronous; if it throws, the client gets HTTP status 500. */
  connect?(info: ConnectInfo): ConnectResult | PromiseLike<ConnectResult>
  /** Names the connection, for `server.disconnect`. Default: no name. */
  id?(socket: Omit<ServerSocket, 'id'>): string | null
  /** By topic (`plain`) or prefix (`room:*`). */
  readonly channels: Readonly<Record<string, ChannelDefinition>>
  /** False takes the transport away. Default true. */
  readonly websocket?: boolean | WebSocketOptions
  /** Default false, as in Phoenix. */
  readonly longpoll?: boolean | LongPollOptions
  /** Serializers of your own, each for the clients that connect with its `vsn`; they come before 1.0.0 and 2.0.0. */
  readonly serializers?: readonly Serializer[]
  /** Takes the auth token of the client. Default false, as in Phoenix: clients that offer one then fail. */
  readonly authToken?: boolean
  /** Origins that may connect, or a function that decides. Default: all. Clients without the header always may. */
  readonly checkOrigin?: readonly string[] | ((origin: string) => boolean)
  /** Default 100, as in Phoenix since 1.8.9. */
  readonly maxChannelsPerTransport?: number
  /** What may wait for a slow client, in bytes; past it the connection is cut. Default 64 MiB. */
  readonly maxBufferedBytes?: number
}
