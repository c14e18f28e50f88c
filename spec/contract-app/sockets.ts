import {
  accept,
  type ChannelDefinition,
  type ConnectInfo,
  type ConnectResult,
  refuse,
  type SocketDefinition,
} from '../../lib/server/index.ts'
import { roomChannel } from './room-channel.ts'

const rooms: Readonly<Record<string, ChannelDefinition>> = {
  'room:*': roomChannel,
  plain: roomChannel,
  'bench:*': roomChannel,
}

const connectAs =
  (fallback: string) =>
  ({ params, authToken }: ConnectInfo): ConnectResult => {
    const { token, user_id: userId } = params
    if (token === 'crash') throw new Error('connect crashes, as it was asked to')
    if (token === 'bad' || token === 'bad_reason' || authToken === 'bad') return refuse()
    return accept({ user_id: typeof userId === 'string' ? userId : fallback })
  }

const userSocketId: SocketDefinition['id'] = ({ assigns }) => `users:${String(assigns['user_id'])}`

const base: SocketDefinition = {
  connect: connectAs('anon'),
  id: userSocketId,
  channels: rooms,
  authToken: true,
}

/** The sockets of the contract app. */
export const contractSockets: Readonly<Record<string, SocketDefinition>> = {
  '/socket': { ...base, longpoll: true },
  '/socket_short': { ...base, websocket: { idleTimeoutMs: 2_000 }, longpoll: { windowMs: 1_000 } },
  '/socket_small': {
    ...base,
    authToken: false,
    connect: (info) => {
      if (info.params['token'] === 'bad')
        return refuse({
          status: 401,
          body: '{"error":"unauthorized"}',
          headers: { 'content-type': 'application/json; charset=utf-8' },
        })
      if (info.params['token'] === 'rate')
        return refuse({ status: 429, body: 'Too many requests', headers: { 'retry-after': '1' } })
      return connectAs('small')(info)
    },
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
}
