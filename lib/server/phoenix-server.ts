import { admission } from './admission.ts'
import { type Endpoint, type ServerChannel } from './channel-definition.ts'
import { connectionStarter } from './connection-starter.ts'
import { type FaultBox, type Faults } from './faults.ts'
import { httpListener } from './http-listener.ts'
import { hub } from './hub.ts'
import { mount } from './mount.ts'
import { registry } from './registry.ts'
import { routes } from './routes.ts'
import { serverConnection, type ServerConnection } from './server-connection.ts'
import { checkOptions, type ServerOptions } from './server-options.ts'
import { guarded, printProblems } from './trace.ts'

/** A running server. */
export interface PhoenixServer extends Endpoint {
  /** `ws://host:port`; add the path of a socket. Throws while a server of your own does not listen yet. */
  readonly url: string
  readonly port: number
  /** Closes all connections with this id, with code 1001, as a "disconnect" broadcast does. Gives their number. */
  disconnect(id: string): number
  /** How many joins a topic has. */
  subscribers(topic: string): number
  /** The joins of a topic, to push to or to stop one by one. */
  channels(topic: string): readonly ServerChannel[]
  /** Kills the channels of a topic as a bug would: each client sees `phx_error`. Gives their number. */
  crash(topic: string, error?: unknown): number
  /** The connections that are open. */
  connections(): readonly ServerConnection[]
  /** Refuses every new connection (HTTP 403) until it is called with false, or for a time in milliseconds. */
  refuseConnections(on: boolean, forMs?: number): void
  /** Puts faults in force, for frames and joins from now on; `{}` takes them away. */
  injectFaults(faults: Faults): void
  /** Closes all connections with code 1012, as a server that is about to restart does. */
  drain(): void
  /** Ends everything. Resolves when no socket, listener or timer is left. */
  close(): Promise<void>
}

/**
 * Starts a server that behaves like a Phoenix endpoint with channels. Resolves when it listens; rejects if the port
 * is taken, and with `InvalidArgument` for options that cannot work.
 *
 * The way of a frame: web-socket-link or long-poll-session → socket-process → channel-process → the functions of a
 * channel; and back through outbox and link. Broadcasts go from hub to link directly.
 */
export const phoenixServer = async (options: ServerOptions): Promise<PhoenixServer> => {
  checkOptions(options)
  const trace = guarded(options.trace ?? printProblems)
  const topics = hub()
  const everyone = registry()
  const door = admission()
  const faults: FaultBox = { current: options.faults ?? {} }
  const mounts = Object.entries(options.sockets).map(([path, definition]) => mount(path, definition))
  const starter = connectionStarter({ hub: topics, registry: everyone, faults, trace })
  const listener = await httpListener(options)
  const detach = routes(listener, mounts, { ...starter, trace, admits: door.isOpen }, options.request)

  const end = async (): Promise<void> => {
    door.end()
    await Promise.all(everyone.all().map((process) => process.shutdown()))
    detach()
    await listener.close()
  }
  let ending: Promise<void> | undefined

  return {
    get url() {
      const { address, port } = listener.address()
      return `ws://${address.includes(':') ? `[${address}]` : address}:${port}`
    },
    get port() {
      return listener.address().port
    },
    ...topics.endpoint,
    disconnect: (id) => {
      const processes = everyone.withId(id)
      for (const process of processes) process.close(1001)
      return processes.length
    },
    subscribers: (topic) => topics.subscribers(topic).size,
    channels: (topic) => [...topics.subscribers(topic)].map(({ channel }) => channel),
    crash: (topic, error = new Error(`"${topic}" was crashed on purpose`)) => {
      const victims = [...topics.subscribers(topic)]
      for (const victim of victims) victim.kill(error)
      return victims.length
    },
    connections: () => everyone.live().map(serverConnection),
    refuseConnections: door.refuse,
    injectFaults: (next) => {
      faults.current = next
    },
    drain: () => {
      for (const process of everyone.all()) process.close(1012)
    },
    close: () => (ending ??= end()),
  }
}
