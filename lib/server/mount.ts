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
  // One by one and not by a spread: what is given as undefined is the default too, as everywhere else.
  const { idleTimeoutMs = 60_000, maxFrameSize = 8_000_000, compress = false, subprotocols = [] } = of(given)
  positive('idleTimeoutMs', idleTimeoutMs)
  positive('maxFrameSize', maxFrameSize)
  return { idleTimeoutMs, maxFrameSize, compress, subprotocols }
}

const longPollOptions = (given: boolean | LongPollOptions): Required<LongPollOptions> | undefined => {
  if (given === false) return undefined
  const { windowMs = 10_000, allowOrigin = '*' } = of(given)
  positive('windowMs', windowMs)
  return { windowMs, allowOrigin }
}

const of = <O extends object>(given: true | O): Partial<O> => (given === true ? {} : given)

const positive = (name: string, value: number): void => {
  if (!(value > 0)) throw new InvalidArgument(name, value, 'pass a number above 0.')
}
