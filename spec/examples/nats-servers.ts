import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { follow, type Running } from '../support/run-script.ts'

/** A process of `nats-server` with JetStream. */
export interface NatsServer {
  readonly name: string
  readonly address: string
  readonly running: Running
}

/** One server by itself. */
export const natsServer = async (folder: string): Promise<NatsServer> => {
  const [port = 0] = await freePorts(1)
  const server = start('n1', folder, port, [])
  await server.running.written(/Server is ready/)
  return server
}

/** Three servers that are one, once they have elected a leader. */
export const natsCluster = async (folder: string): Promise<readonly NatsServer[]> => {
  const [a = 0, b = 0, c = 0, ...routes] = await freePorts(6)
  const others = routes.map((route) => `nats-route://127.0.0.1:${route}`).join(',')
  const servers = [a, b, c].map((port, i) =>
    start(`n${i + 1}`, folder, port, [
      '--cluster_name',
      'orders',
      '--cluster',
      `nats://127.0.0.1:${routes[i]}`,
      '--routes',
      others,
    ]),
  )
  await Promise.race(servers.map(({ running }) => running.written(/JetStream cluster new metadata leader/)))
  return servers
}

const start = (name: string, folder: string, port: number, args: readonly string[]): NatsServer => {
  const store = join(folder, name)
  mkdirSync(store)
  const child = spawn(
    'nats-server',
    ['-js', '-sd', store, '-n', name, '-a', '127.0.0.1', '-p', `${port}`, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  return { name, address: `nats://127.0.0.1:${port}`, running: follow(child) }
}

/** Ports that are free now: the routes of a cluster have to be known before its servers start. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from({ length: count }, async (): Promise<Server> => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address()
      server.close()
      await once(server, 'close')
      return typeof address === 'object' && address ? address.port : 0
    }),
  )
}
