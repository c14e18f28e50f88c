import { type AddressInfo } from 'node:net'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type Duplex } from 'node:stream'
import { type Endpoint, type ServerChannel } from './channel-definition.ts'
import { type EndpointHost } from './endpoint-host.ts'
import { longPollEndpoint, type LongPollEndpoint } from './long-poll-endpoint.ts'
import { answerRequest, answerUpgrade, notAnUpgrade, notFound } from './http-answer.ts'
import { attach } from './attach.ts'
import { hub } from './hub.ts'
import { mount } from './mount.ts'
import { registry } from './registry.ts'
import { serverConnection, type ServerConnection } from './server-connection.ts'
import { checkOptions, type ServerOptions } from './server-options.ts'
import { socketProcess } from './socket-process.ts'
import { guarded, printProblems } from './trace.ts'
import { webSocketEndpoint } from './web-socket-endpoint.ts'

/** A running server. */
export interface PhoenixServer extends Endpoint {
  /** `ws://host:port`; add the path of a socket. */
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
  /** Refuses every new connection (HTTP 403) until it is called with false. */
  refuseConnections(on: boolean): void
  /** Closes all connections with code 1012, as a server that is about to restart does. */
  drain(): void
  /** Ends everything. Resolves when no socket, listener or timer is left. */
  close(): Promise<void>
}

/** Starts a server that speaks as a Phoenix endpoint with channels does. Resolves when it listens. */
export const phoenixServer = async (options: ServerOptions): Promise<PhoenixServer> => {
  checkOptions(options)
  const trace = guarded(options.trace ?? printProblems)
  const topics = hub()
  const everyone = registry()
  let admitting = true

  const host: EndpointHost = {
    trace,
    admits: () => admitting,
    start: ({ path, channelFor, maxChannels, maxBufferedBytes }, { socket, serializer }, transport, link) => {
      const process = socketProcess({
        path,
        socket,
        serializer,
        hub: topics,
        trace,
        channelFor,
        maxChannels,
        maxBufferedBytes,
        link,
      })
      everyone.add(process)
      trace({ _tag: 'Opened', path, transport, id: socket.id })
      return process
    },
    finish: (process) => {
      everyone.remove(process)
      trace({ _tag: 'Closed', id: process.socket.id })
    },
  }

  const mounts = Object.entries(options.sockets).map(([path, definition]) => mount(path, definition))
  const webSockets = new Map(
    mounts
      .filter(({ websocket }) => websocket !== undefined)
      .map((mounted) => [`${mounted.path}/websocket`, webSocketEndpoint(mounted, host)]),
  )

  const longPolls = new Map<string, LongPollEndpoint>(
    mounts.flatMap((mounted) =>
      mounted.longpoll
        ? [[`${mounted.path}/longpoll`, longPollEndpoint(mounted, mounted.longpoll, host)] as const]
        : [],
    ),
  )

  const http = options.server ?? createServer()
  const detach = attach(http, {
    upgrade: (request, raw, head) => {
      const { pathname, searchParams } = addressOf(request)
      const endpoint = webSockets.get(pathname)
      endpoint?.upgrade(request, raw, head, searchParams)
      return endpoint !== undefined
    },
    request: (request, response) => {
      const { pathname, searchParams } = addressOf(request)
      const longPoll = longPolls.get(pathname)
      if (longPoll) longPoll.request(request, response, searchParams)
      else if (webSockets.has(pathname)) answerRequest(response, notAnUpgrade(request))
      else return false
      return true
    },
    otherUpgrade: (raw: Duplex) => {
      answerUpgrade(raw, notFound)
    },
    otherRequest:
      options.request ??
      ((_request, response) => {
        answerRequest(response, notFound)
      }),
  })
  if (!options.server) await listen(http, options.port ?? 0, options.host ?? '127.0.0.1')
  const { port, address } = http.address() as AddressInfo

  const connections = (): readonly ServerConnection[] => everyone.all().map(serverConnection)

  return {
    url: `ws://${address.includes(':') ? `[${address}]` : address}:${port}`,
    port,
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
    connections,
    refuseConnections: (on) => {
      admitting = !on
    },
    drain: () => {
      for (const process of everyone.all()) process.close(1012)
    },
    close: async () => {
      admitting = false
      await Promise.all(everyone.all().map((process) => process.shutdown()))
      detach()
      if (!options.server) await closeHttp(http)
    },
  }
}

/** The path and query of a request; the host in it is of no interest and may be anything. */
const addressOf = ({ url = '/' }: IncomingMessage): URL =>
  new URL(url.replace(/^\/+/, '/'), 'http://localhost')

const listen = (http: Server, port: number, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, address, () => {
      http.off('error', reject)
      resolve()
    })
  })

const closeHttp = (http: Server): Promise<void> =>
  new Promise((resolve) => {
    http.close(() => {
      resolve()
    })
    http.closeAllConnections()
  })
