import {
  accept,
  type ConnectInfo,
  type ConnectResult,
  presence,
  type Presence,
  type Presences,
  refuse,
  type SocketDefinition,
} from '../../lib/server/index.ts'
import { presenceChannel } from './presence-channel.ts'
import { todosChannel } from './todos-channel.ts'
import { roomChannel } from './room-channel.ts'

const connectUser = ({ params, authToken }: ConnectInfo): ConnectResult => {
  const { token, user_id: userId } = params
  if (token === 'crash') throw new Error('connect crashes, as it was asked to')
  if (token === 'bad' || token === 'bad_reason' || authToken === 'bad') return refuse()
  return accept({ user_id: typeof userId === 'string' ? userId : 'anon' })
}

const userSocketId: SocketDefinition['id'] = ({ assigns }) => `users:${String(assigns['user_id'])}`

/** What one run of the contract app needs to know of its own. */
export interface ContractState {
  readonly sockets: Readonly<Record<string, SocketDefinition>>
  readonly presences: Presence
  readonly fetched: Presence
}

/** The sockets of the contract app. */
export const contractSockets = (): ContractState => {
  const presences = presence()
  const fetched = presence({ fetch: withName })
  const base: SocketDefinition = {
    connect: connectUser,
    id: userSocketId,
    channels: {
      'room:*': roomChannel,
      plain: roomChannel,
      'bench:*': roomChannel,
      'presence:*': presenceChannel(presences),
      'presence_fetch:*': presenceChannel(fetched),
    },
    authToken: true,
  }
  return {
    presences,
    fetched,
    sockets: {
      '/socket': { ...base, longpoll: true },
      '/socket_short': { ...base, websocket: { idleTimeoutMs: 2_000 }, longpoll: { windowMs: 1_000 } },
      '/socket_small': {
        ...base,
        authToken: false,
        connect: connectSmall,
        id: () => 'small',
        maxChannelsPerTransport: 2,
        websocket: { maxFrameSize: 1_000, compress: true },
      },
      '/socket_strict': {
        ...base,
        authToken: false,
        checkOrigin: ['http://good.example'],
        websocket: { subprotocols: ['my.proto'] },
        longpoll: true,
      },
      '/live_state': { ...base, authToken: false, channels: todos('live-state') },
      '/seance': { ...base, authToken: false, channels: todos('seance') },
    },
  }
}

const todos = (dialect: 'seance' | 'live-state'): SocketDefinition['channels'] => ({
  'todos:*': todosChannel(dialect),
  'wrap:*': todosChannel(dialect, 3),
})

const withName = (_topic: string, presences: Presences): Presences =>
  Object.fromEntries(
    Object.entries(presences).map(([key, entry]) => [key, { ...entry, user: { name: `name of ${key}` } }]),
  )

const connectSmall = (info: ConnectInfo): ConnectResult => {
  const { token } = info.params
  if (token === 'bad')
    return refuse({
      status: 401,
      body: '{"error":"unauthorized"}',
      headers: { 'content-type': 'application/json; charset=utf-8' },
    })
  if (token === 'rate')
    return refuse({ status: 429, body: 'Too many requests', headers: { 'retry-after': '1' } })
  if (token === 'crash') throw new Error('connect crashes, as it was asked to')
  return accept({ user_id: 'small' })
}
