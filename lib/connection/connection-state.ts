import { type ConnectionError } from '../protocol/connection-error.ts'

/** One open connection. A reconnect makes a new one; nothing of the old one reaches it. */
export interface Connection {
  /** Counts the connections of a socket, from 1. Trace events carry it. */
  readonly id: number
  /** Bytes handed over and not yet sent, as far as the platform shows it: the measure for back-pressure. */
  readonly bufferedAmount: number
}

/**
 * The state of a socket.
 *
 * - `idle`: nobody is subscribed.
 * - `connecting`: inputs are evaluated and the transport opens. The first attempt has number 0.
 * - `open`: frames flow.
 * - `waiting`: an attempt failed or the connection ended; `attempt` failures so far, the next try comes in `retryInMs`.
 * - `paused`: closed by the option `pause`.
 */
export type ConnectionState =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting'; readonly attempt: number }
  | { readonly status: 'open'; readonly attempt: number; readonly connection: Connection }
  | {
      readonly status: 'waiting'
      readonly attempt: number
      readonly retryInMs: number
      readonly cause: ConnectionError
    }
  | { readonly status: 'paused' }

export const IDLE = { status: 'idle' } as const
