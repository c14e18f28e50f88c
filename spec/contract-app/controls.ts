import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type PhoenixServer, type ServerConnection } from '../../lib/server/index.ts'
import { asNumber } from './payload.ts'
import { type ContractState } from './sockets.ts'
import { type FromPubsub } from './todos-channel.ts'
import { numbered, stopReason } from './room-pushes.ts'

interface Call {
  readonly server: PhoenixServer
  readonly state: ContractState
  readonly query: URLSearchParams
  readonly body: Buffer
}

/** Does one thing and gives what is worth answering. */
export type Control = (call: Call) => Readonly<Record<string, unknown>>

const given = (query: URLSearchParams, name: string): string => query.get(name) ?? ''
const json = (body: Buffer): unknown =>
  body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as unknown)

const pushToAll = ({ server, query }: Call, payload: unknown): { count: number } => {
  const channels = server.channels(given(query, 'topic'))
  for (const channel of channels) channel.push(given(query, 'event'), payload)
  return { count: channels.length }
}

const ofUser = ({ server, query }: Call): readonly ServerConnection[] =>
  server.connections().filter(({ socket }) => socket.id === `users:${given(query, 'user')}`)

const forEach = (
  connections: readonly ServerConnection[],
  act: (connection: ServerConnection) => void,
): { count: number } => {
  connections.forEach(act)
  return { count: connections.length }
}

const flood = ({ server, query }: Call): { n: number } => {
  const n = asNumber(query.get('n'), 0)
  const size = asNumber(query.get('size'), 0)
  for (let i = 1; i <= n; i++)
    server.broadcast(
      given(query, 'topic'),
      given(query, 'event'),
      query.get('binary') === '1' ? numbered(i, size) : { i, data: 'x'.repeat(size) },
    )
  return { n }
}

const crash = ({ server, query }: Call): { count: number } => {
  const topic = given(query, 'topic')
  if (query.get('mode') !== 'raise') return { count: server.crash(topic) }
  const count = server.publish(topic, () => {
    throw new Error('handle_info raises, as it was asked to')
  })
  return { count }
}

const presence: Control = ({ query, state: { presences, fetched } }) => {
  const topic = given(query, 'topic')
  return (topic.startsWith('presence_fetch:') ? fetched : presences).list(topic)
}

/** Those whose answer is the thing itself, without `ok`. */
const BARE: ReadonlySet<Control> = new Set([presence])

/** The controls of the contract app, by the last part of their path. */
export const controls: ReadonlyMap<string, Control> = new Map<string, Control>(
  Object.entries<Control>({
    health: () => ({ ok: true }),
    broadcast: ({ server, query, body }) => {
      server.broadcast(given(query, 'topic'), given(query, 'event'), json(body))
      return {}
    },
    broadcast_binary: ({ server, query, body }) => {
      server.broadcast(given(query, 'topic'), given(query, 'event'), body)
      return {}
    },
    push: (call) => pushToAll(call, json(call.body)),
    push_binary: (call) => pushToAll(call, call.body),
    flood,
    crash,
    stop_channel: ({ server, query }) => {
      const channels = server.channels(given(query, 'topic'))
      for (const channel of channels) channel.stop(stopReason(query.get('reason')))
      return { count: channels.length }
    },
    disconnect: ({ server, query }) => ({ count: server.disconnect(`users:${given(query, 'user')}`) }),
    kill_socket: (call) =>
      forEach(ofUser(call), (connection) => {
        connection.kill()
      }),
    freeze: (call) =>
      forEach(ofUser(call), (connection) => {
        connection.freeze(asNumber(call.query.get('ms'), 1_000))
      }),
    drain: ({ server, query }) =>
      forEach(
        server.connections().filter(({ topics }) => topics.includes(given(query, 'topic'))),
        (connection) => {
          connection.close(1012)
        },
      ),
    deny: ({ server, query }) => {
      server.refuseConnections(query.get('on') === '1')
      return {}
    },
    presence,
    live_state: ({ server, query, body }) => {
      const message: FromPubsub = { kind: query.get('kind') ?? 'merge', body: json(body) }
      return { count: server.publish(given(query, 'topic'), message) }
    },
    subscribers: ({ server, query }) => ({ count: server.subscribers(given(query, 'topic')) }),
  }),
)

/** Answers `/ctl/…` by the control of that name, and everything else with 404. */
export const controlRequests =
  (server: () => PhoenixServer, state: ContractState) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost')
    const control = pathname.startsWith('/ctl/') ? controls.get(pathname.slice('/ctl/'.length)) : undefined
    const answer = (status: number, body: object): void => {
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'max-age=0, private, must-revalidate',
        vary: 'accept-encoding',
        ...(control ? { 'access-control-allow-origin': '*' } : {}),
      })
      response.end(JSON.stringify(body))
    }
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (!control) {
        answer(404, { error: 'not found' })
        return
      }
      try {
        const done = control({ server: server(), state, query, body: Buffer.concat(parts) })
        answer(200, BARE.has(control) ? done : { ok: true, ...done })
      } catch (error) {
        answer(400, { ok: false, error: error instanceof Error ? error.message : String(error) })
      }
    })
  }
