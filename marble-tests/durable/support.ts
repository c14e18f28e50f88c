import { type PhoenixSocket, phoenixSocket } from '../../lib/index.ts'
import { type FeedEvent } from '../../lib/durable/index.ts'
import {
  broadcast,
  type FakePhoenix,
  type FakePhoenixOptions,
  type MarbleHelpers,
  type ServerLine,
} from '../../lib/testing/index.ts'
import { cut } from '../support/channel.ts'

export const TOPIC = 'feed:quakes'

export interface Quake {
  readonly id: number | string
  readonly seq?: number
}

/** What the server says when a quake happens. */
export const quake = (id: number | string | null | undefined, more: object = {}): ServerLine =>
  broadcast(TOPIC, 'quake', { id, ...more })

/** `1` is the quake with id 1, and sequence number 1. */
const numbered: Readonly<Record<string, ServerLine>> = Object.fromEntries(
  Array.from({ length: 10 }, (_, id) => [`${id}`, quake(id, { seq: id })]),
)

/** A socket on a server whose links follow diagrams. A link that was cut is dialled again 3 ms later. */
export const socketOn = (
  { phoenix }: MarbleHelpers,
  lines: string | readonly [string, ...string[]],
  values: Readonly<Record<string, ServerLine>> = {},
  server: Pick<FakePhoenixOptions, 'answer'> = {},
): {
  readonly socket: PhoenixSocket
  readonly server: FakePhoenix
  /** The payloads of the joins so far. */
  readonly joins: () => readonly unknown[]
} => {
  const fake = phoenix(lines, { ...numbered, ...values }, { error: cut(), ...server })
  const socket = phoenixSocket('ws://localhost/socket', {
    transport: fake.transport,
    heartbeatIntervalMs: 0,
    reconnect: () => 3,
    rejoin: () => 3,
  })
  const joins = (): readonly unknown[] =>
    fake.sent.filter(({ event }) => event === 'phx_join').map(({ payload }) => payload)
  return { socket, server: fake, joins }
}

/** Of a feed that the server resumes. */
export const resumed: {
  readonly topic: string
  readonly event: string
  readonly cursor: (quake: Quake) => number | string
  readonly params: (cursor: number | string | undefined) => object
} = {
  topic: TOPIC,
  event: 'quake',
  cursor: ({ id }) => id,
  params: (cursor) => ({ after: cursor ?? null }),
}

/** A feed event in few letters: a delivery is its cursor, with `'` if it was delivered before. */
export const short = (event: FeedEvent<unknown>): string => {
  switch (event.type) {
    case 'delivery':
      return `${event.cursor}${event.redelivered ? "'" : ''}`
    case 'gap':
      return `${event.after}..${event.before ?? ''}${event.cause === undefined ? '' : ' failed'}`
    case 'invalid':
      return event.error._tag
  }
}
