import { type PhoenixSocket } from '../phoenix-socket.ts'
import { type KeptConnection } from '../connection/kept-connection.ts'
import { wireOf } from '../connection/into-wire.ts'
import {
  type ChannelSnapshot,
  type ConnectionSnapshot,
  type PushSnapshot,
  type SocketSnapshot,
  stateAt,
} from './snapshot.ts'
import { type TopicPush } from '../channel/shared-topic.ts'
import { type Topic } from '../channel/topic.ts'
import { insideOf } from './inside-of.ts'

/**
 * The current state of a socket as plain data: connections, channels, pushes without a reply. It contains no secrets.
 * Works in every state, and does not connect. Throws `InvalidArgument` if the socket was not made by `phoenixSocket`.
 */
export const inspect = (socket: PhoenixSocket): SocketSnapshot => {
  const { context, connections, topics } = insideOf(socket)
  const atMs = context.settings.scheduler.now()
  return {
    atMs,
    connections: connections.all.map((connection) => snapshotOf(connection, atMs)),
    channels: Array.from(topics.all(), (topic) => channelOf(topic, atMs)),
  }
}

const snapshotOf = ({ number, state, topics }: KeptConnection, atMs: number): ConnectionSnapshot => {
  const wire = wireOf(state)
  wire?.leaves.forget()
  return {
    number,
    state: stateAt(atMs, state),
    channels: topics,
    connectionId: wire?.id,
    bufferedAmount: wire?.link.bufferedAmount,
    awaitedReplies: wire?.replies.size,
  }
}

const channelOf = (topic: Topic, atMs: number): ChannelSnapshot => ({
  topic: topic.name,
  connection: topic.connection.number,
  state: stateAt(atMs, topic.state),
  subscribers: topic.users,
  lingering: topic.lingering !== undefined,
  pushes: Array.from(topic.pushes, (push) => pushOf(push, atMs)),
})

const pushOf = ({ outgoing, sent, subscribedAt, timeoutMs }: TopicPush, atMs: number): PushSnapshot => ({
  event: outgoing.event,
  status: sent ? 'sent' : 'waiting',
  ageMs: atMs - subscribedAt,
  timeoutMs,
})
