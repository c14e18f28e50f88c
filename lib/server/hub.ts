import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type EncodeError } from '../protocol/serializer.ts'
import { type Endpoint, type ServerChannel } from './channel-definition.ts'
import { type OutFrame, type ServerSerializer, serverSerializerV2 } from './server-serializer.ts'

/** A client that gets broadcasts as they are. */
export interface FastLane {
  readonly serializer: ServerSerializer
  /** Writes a frame that is encoded already: the fast lane, past the channel. */
  sendFrame(frame: OutFrame): void
}

/** One joined channel, as the hub sees it. */
export interface Subscriber extends FastLane {
  intercepts(event: string): boolean
  out(event: string, payload: unknown): void
  info(message: unknown): void
  readonly channel: ServerChannel
  kill(error: unknown): void
}

/** The joins of each topic, and how to reach them. */
export interface Hub {
  /** The part of it that channels may use. */
  readonly endpoint: Endpoint
  join(topic: string, subscriber: Subscriber): void
  leave(topic: string, subscriber: Subscriber): void
  /** Further topics whose published messages a subscriber receives; broadcasts of events are not among them. */
  listen(topic: string, subscriber: Subscriber): void
  unlisten(topic: string, subscriber: Subscriber): void
  /** Sends the broadcasts of a topic to a client that has not joined it. The function that is returned ends it. */
  forward(topic: string, lane: FastLane): () => void
  subscribers(topic: string): ReadonlySet<Subscriber>
  /** An event to all clients of a topic. Encoded once for each version of the protocol, not once for each client. */
  broadcast(topic: string, event: string, payload: unknown, except?: Subscriber): void
  /** A message to `handleInfo` of all channels of a topic. Gives their number. */
  publish(topic: string, message: unknown): number
}

const nobody: ReadonlySet<Subscriber> = new Set()

/** In Phoenix this is PubSub, with its fast lane for broadcasts. */
export const hub = (): Hub => {
  const joined: Map<string, Set<Subscriber>> = new Map()
  const listening: Map<string, Set<Subscriber>> = new Map()
  const forwarding: Map<string, Set<FastLane>> = new Map()
  const self: Hub = {
    endpoint: {
      broadcast: (topic, event, payload = {}) => {
        checkName('topic', topic)
        checkName('event', event)
        self.broadcast(topic, event, payload)
      },
      publish: (topic, message) => {
        checkName('topic', topic)
        return self.publish(topic, message)
      },
    },
    join: (topic, subscriber) => {
      add(joined, topic, subscriber)
    },
    leave: (topic, subscriber) => {
      remove(joined, topic, subscriber)
    },
    listen: (topic, subscriber) => {
      add(listening, topic, subscriber)
    },
    unlisten: (topic, subscriber) => {
      remove(listening, topic, subscriber)
    },
    forward: (topic, lane) => {
      add(forwarding, topic, lane)
      return () => {
        remove(forwarding, topic, lane)
      }
    },
    subscribers: (topic) => joined.get(topic) ?? nobody,
    broadcast: (topic, event, payload, except) => {
      const encode = encodeOnce(topic, event, payload)
      // A copy: an interceptor may end channels of the same topic while we go through them.
      for (const subscriber of [...(joined.get(topic) ?? nobody)]) {
        if (subscriber === except) continue
        if (subscriber.intercepts(event)) subscriber.out(event, payload)
        else sendOn(subscriber, encode)
      }
      for (const lane of forwarding.get(topic) ?? []) sendOn(lane, encode)
    },
    publish: (topic, message) => {
      const receivers = new Set([...(joined.get(topic) ?? nobody), ...(listening.get(topic) ?? nobody)])
      for (const receiver of receivers) receiver.info(message)
      return receivers.size
    },
  }
  return self
}

const checkName = (name: string, value: string): void => {
  if (typeof value !== 'string' || value === '')
    throw new InvalidArgument(name, value, `pass the name of the ${name}.`)
}

/**
 * Version 2 is tried first, since every payload that can be encoded can be encoded there, so that a payload without one is an error
 * at the call, also when nobody listens. Bytes have no form in version 1: its clients do not get them.
 */
const encodeOnce = (
  topic: string,
  event: string,
  payload: unknown,
): ((serializer: ServerSerializer) => OutFrame | undefined) => {
  const frames: Map<ServerSerializer, OutFrame | undefined> = new Map()
  const encode = (serializer: ServerSerializer): OutFrame | undefined => {
    if (frames.has(serializer)) return frames.get(serializer)
    const frame = pipe(
      serializer.broadcast(topic, event, payload),
      E.match(
        (error) => withoutForm(error, payload),
        (encoded): OutFrame | undefined => encoded,
      ),
    )
    frames.set(serializer, frame)
    return frame
  }
  encode(serverSerializerV2)
  return encode
}

/** What becomes of a payload that cannot be encoded: nothing in version 1, where bytes have no form; else it is a mistake. */
const withoutForm = (error: EncodeError, payload: unknown): OutFrame | undefined => {
  switch (error._tag) {
    case 'BinaryUnsupported':
      return undefined
    case 'NotSerializable':
      throw new InvalidArgument('payload', payload, error.reason)
    case 'PartTooLong':
      throw new InvalidArgument(
        'payload',
        payload,
        `its ${error.part} has ${error.byteLength} bytes, and a binary frame has room for 255.`,
      )
  }
}

const sendOn = (lane: FastLane, encode: (serializer: ServerSerializer) => OutFrame | undefined): void => {
  const frame = encode(lane.serializer)
  if (frame) lane.sendFrame(frame)
}

const add = <A>(sets: Map<string, Set<A>>, topic: string, subscriber: A): void => {
  const set = sets.get(topic)
  if (set) set.add(subscriber)
  else sets.set(topic, new Set([subscriber]))
}

const remove = <A>(sets: Map<string, Set<A>>, topic: string, subscriber: A): void => {
  const set = sets.get(topic)
  if (!set?.delete(subscriber)) return
  if (set.size === 0) sets.delete(topic)
}
