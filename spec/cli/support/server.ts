import { phoenixServer, type PhoenixServer, type SocketDefinition } from '../../../lib/server/index.ts'

const open = new Set<PhoenixServer>()

export interface Served {
  readonly server: PhoenixServer
  /** The mount point of its one socket. */
  readonly url: string
}

/** A server on a free port, with one socket. `closeServers` closes it. */
export const serve = async (
  channels: SocketDefinition['channels'],
  { port = 0, ...socket }: Partial<SocketDefinition> & { readonly port?: number } = {},
): Promise<Served> => {
  const server = await phoenixServer({
    port,
    trace: () => undefined,
    sockets: { '/socket': { ...socket, channels } },
  })
  open.add(server)
  return { server, url: `${server.url}/socket` }
}

/** For `afterEach`. */
export const closeServers = async (): Promise<void> => {
  await Promise.all([...open].map((server) => server.close()))
  open.clear()
}
