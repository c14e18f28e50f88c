import { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type Faults } from './faults.ts'
import { type SocketDefinition } from './socket-definition.ts'
import { type Trace } from './trace.ts'

/** Options of `phoenixServer`. */
export interface ServerOptions {
  /** What is mounted where: `{ '/socket': { channels: { 'room:*': … } } }`. */
  readonly sockets: Readonly<Record<string, SocketDefinition>>
  /** The port to listen on. Default 0: a free one, which `server.port` names. */
  readonly port?: number
  /** The address to listen on. Default 127.0.0.1, which only this machine reaches. */
  readonly host?: string
  /** Your own http server to attach to, instead of listening. `close()` leaves it open. */
  readonly server?: Server
  /** Answers requests that are for no socket. Default: 404. Not used on a server of your own. */
  readonly request?: (request: IncomingMessage, response: ServerResponse) => void
  /** Faults that are in force from the beginning; `server.injectFaults` changes them. Default: none. */
  readonly faults?: Faults
  /** Receives everything that happens. Default: prints problems that need fixing to standard error. */
  readonly trace?: Trace
}

/** Throws at the call for options that cannot work. */
export const checkOptions = (options: ServerOptions): void => {
  const { sockets, port = 0, server } = options as Partial<ServerOptions>
  if (typeof sockets !== 'object' || Object.keys(sockets).length === 0)
    throw new InvalidArgument(
      'sockets',
      sockets,
      "mount at least one socket: { '/socket': { channels: … } }.",
    )
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgument('port', port, 'pass 0 for a free port, or one up to 65535.')
  if (server !== undefined && (options.port !== undefined || options.host !== undefined))
    throw new InvalidArgument(
      'server',
      server,
      'a server of your own listens itself; leave out port and host.',
    )
}
