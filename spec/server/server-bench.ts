import {
  phoenixServer,
  type PhoenixServer,
  type ServerOptions,
  type ServerTrace,
  type SocketDefinition,
} from '../../lib/server/index.ts'

/** A server for one spec, and what it traced. */
export interface ServerBench {
  readonly server: PhoenixServer
  readonly traced: readonly ServerTrace[]
  /** The address of a socket, with vsn 2.0.0. */
  readonly url: string
}

/** Starts servers with one socket at `/socket` and closes all of them at the end of the spec. */
export const serverBench = (): ((
  socket: SocketDefinition,
  options?: Partial<ServerOptions>,
) => Promise<ServerBench>) => {
  let servers: PhoenixServer[] = []
  afterEach(async () => {
    const closing = servers
    servers = []
    await Promise.all(closing.map((server) => server.close()))
  })
  return async (socket, options = {}) => {
    const traced: ServerTrace[] = []
    const server = await phoenixServer({
      sockets: { '/socket': socket },
      trace: (event) => {
        traced.push(event)
      },
      ...options,
    })
    servers.push(server)
    return { server, traced, url: `${server.url}/socket/websocket?vsn=2.0.0` }
  }
}
