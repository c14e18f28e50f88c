import { type SocketError } from '../protocol/socket-error.ts'
import { retriesAt } from '../connection/retry-by.ts'
import { type ChannelTrace } from './trace-event.ts'

/** A connection that is kept: of a socket the first, or one of several (`channelsPerConnection`). */
export interface ConnectionSnapshot {
  /** Counts them from 1; it stays over reconnects. */
  readonly number: number
  /** `attempt` failures so far; `retryInMs` is what is left of the wait, `cause` the `_tag` of why it waits. */
  readonly state: StateSnapshot
  /** How many channels are on it, joined or not. */
  readonly channels: number
  /** The number of the open connection, as in traces; undefined in other states, as are the two that follow. */
  readonly connectionId: number | undefined
  /** Bytes handed over and not yet sent. */
  readonly bufferedAmount: number | undefined
  /** Joins, leaves, pushes and heartbeats that the server has not answered. */
  readonly awaitedReplies: number | undefined
}

/** A topic that somebody is subscribed to, or that lingers. */
export interface ChannelSnapshot {
  readonly topic: string
  /** The number of the connection that it is on. */
  readonly connection: number
  /** As in `ConnectionSnapshot`. */
  readonly state: StateSnapshot
  /** How many are subscribed: to the channel, its events, its pushes. */
  readonly subscribers: number
  /** Nobody is subscribed, and it is left when `lingerMs` is over. */
  readonly lingering: boolean
  /** Those that have no reply yet, in order of subscription. */
  readonly pushes: readonly PushSnapshot[]
}

/** A push that has not ended. */
export interface PushSnapshot {
  readonly event: string
  /** `waiting` for the join, or `sent` and waiting for the reply. */
  readonly status: 'waiting' | 'sent'
  /** Since it was subscribed. */
  readonly ageMs: number
  /** At this age it fails with `PushTimeout`. */
  readonly timeoutMs: number
}

/** A socket at one moment, as plain data: it can be sent, stored and compared. It holds no payload, params or token. */
export interface SocketSnapshot {
  /** On the clock of the scheduler. */
  readonly atMs: number
  readonly connections: readonly ConnectionSnapshot[]
  readonly channels: readonly ChannelSnapshot[]
}

/** A state of a connection or a channel, without what the server said. */
export type StateSnapshot = ChannelTrace

interface Stated {
  readonly status: string
  readonly cause?: SocketError
  readonly connection?: unknown
  readonly response?: unknown
}

/** A state as a trace may show it: what the server said may hold a secret, so the tag of a cause stands for the cause. */
export const shownState = (state: Stated): StateSnapshot => {
  const { cause, connection, response, ...shown } = state
  return cause ? { ...shown, cause: cause._tag } : shown
}

/** The same, with what is left of a wait. */
export const stateAt = (atMs: number, state: Stated): StateSnapshot => {
  const retryAt = retriesAt.get(state)
  return { ...shownState(state), ...(retryAt !== undefined && { retryInMs: Math.max(0, retryAt - atMs) }) }
}
