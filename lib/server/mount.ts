import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type ChannelDefinition } from './channel-definition.ts'
import { type ServerSerializer, serverSerializer } from './server-serializer.ts'
import { type LongPollOptions, type SocketDefinition, type WebSocketOptions } from './socket-definition.ts'
import { topicMatcher } from './topic-pattern.ts'

/** A socket at its path, with its options filled in and checked. */
export interface Mount {
  readonly path: string
  readonly definition: SocketDefinition
  readonly channelFor: (topic: string) => ChannelDefinition | undefined
  readonly websocket: Required<WebSocketOptions> | undefined
  readonly longpoll: Required<LongPollOptions> | undefined
  /** Those of the definition, one for all connections, since a broadcast is encoded once for each. */
  readonly serializers: readonly ServerSerializer[]
  readonly maxChannels: number
  readonly maxBufferedBytes: number
}

export const mount = (path: string, definition: SocketDefinition): Mount => {
  if (!/^\/[^?#]*[^/?#]$/.test(path))
    throw new InvalidArgument(
      'sockets',
      path,
      'a mount point begins with "/" and ends without one, such as "/socket".',
    )
  const { maxChannelsPerTransport = 100, maxBufferedBytes = 64 * 1024 * 1024 } = definition
  positive('maxChannelsPerTransport', maxChannelsPerTransport)
  positive('maxBufferedBytes', maxBufferedBytes)
  return {
    path,
    definition,
    channelFor: topicMatcher(definition.channels),
    websocket: webSocketOptions(definition.websocket ?? true),
    longpoll: longPollOptions(definition.longpoll ?? false),
    serializers: (definition.serializers ?? []).map(serverSerializer),
    maxChannels: maxChannelsPerTransport,
    maxBufferedBytes,
  }
}

const webSocketOptions = (given: boolean | WebSocketOptions): Required<WebSocketOptions> | undefined => {
  if (given === false) return undefined
  const options = { idleTimeoutMs: 60_000, maxFrameSize: 8_000_000, compress: false, subprotocols: [] }
  const filled = { ...options, ...(given === true ? {} : given) }
  positive('idleTimeoutMs', filled.idleTimeoutMs)
  positive('maxFrameSize', filled.maxFrameSize)
  return filled
}

const longPollOptions = (given: boolean | LongPollOptions): Required<LongPollOptions> | undefined => {
  if (given === false) return undefined
  const filled = { windowMs: 10_000, allowOrigin: '*', ...(given === true ? {} : given) }
  positive('windowMs', filled.windowMs)
  return filled
}

const positive = (name: string, value: number): void => {
  if (!(value > 0)) throw new InvalidArgument(name, value, 'pass a number above 0.')
}
