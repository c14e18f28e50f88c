import { type ConnectionState } from '../connection/connection-state.ts'
import { type DropReason, type Work, type WorkOutcome } from '../connection/trace.ts'
import { type InputFailed } from '../protocol/connection-error.ts'
import { type DecodeFailed } from '../protocol/decode-failed.ts'
import { type Message } from '../protocol/message.ts'
import { type SocketError } from '../protocol/socket-error.ts'

/** The state of a channel in a trace: without what the server said, which may hold a secret. */
export interface ChannelTrace {
  readonly status: string
  readonly attempt?: number
  readonly retryInMs?: number
  readonly joinRef?: string
  readonly rejoined?: boolean
  /** The `_tag` of the error: of the failure that is retried, or of the one with which the channel ended (`idle`). */
  readonly cause?: string
}

/** A message without its payload. */
export type MessageHead = Omit<Message, 'payload'>

/** `latencyMs` counts from the start, on the clock of the scheduler. */
type Step =
  | { readonly step: 'start'; readonly latencyMs: number }
  | { readonly step: 'end'; readonly latencyMs: number; readonly outcome: WorkOutcome }

/** Between the start and the end of a push: its frame comes next, or it cannot be encoded. `latencyMs` is how long it waited. */
type Sending = Extract<Work, { readonly type: 'push' }> & {
  readonly step: 'sending'
  readonly latencyMs: number
}

interface FrameFacts {
  /** The connection that carried it. */
  readonly connectionId: number
  /** CPU time of encoding or decoding it, in ms: on the machine's own clock, as a scheduler's is too coarse. */
  readonly durationMs: number
}

/** What happens inside a socket, with frames in the form `F`. `id` counts joins, pushes and heartbeats, from 1. */
export type Happening<F> =
  | {
      readonly type: 'connection'
      /** Counts the connections that are kept side by side (`channelsPerConnection`), from 1: it stays over reconnects. */
      readonly number: number
      readonly state: ConnectionState
      /** The error with which the policy stopped; undefined if nobody is subscribed any more, and in other states. */
      readonly cause: SocketError | undefined
    }
  | {
      readonly type: 'channel'
      readonly topic: string
      /** Undefined while the socket is not open. */
      readonly connectionId: number | undefined
      readonly state: ChannelTrace
    }
  | ({ readonly type: 'frame-in' | 'frame-out' } & FrameFacts & F)
  | (((Work & Step) | Sending) & { readonly id: number })
  | {
      readonly type: 'dropped'
      readonly connectionId: number
      readonly reason: DropReason
      readonly message: MessageHead
    }
  | {
      readonly type: 'decode-failed'
      /** Undefined for a payload that a decoder rejected. */
      readonly connectionId: number | undefined
      readonly error: DecodeFailed
    }
  | { readonly type: 'input-failed'; readonly error: InputFailed }

/** A frame as a trace shows it. */
export interface ShownFrame {
  /** The text, with the values of keys that look like credentials redacted; of bytes, how many there are. */
  readonly frame: string
  /** Bytes on the wire before compression: of a text its length in UTF-8. */
  readonly byteLength: number
  /** Undefined if the frame could not be decoded. */
  readonly message: MessageHead | undefined
}

/**
 * What a tracer receives: every frame, transition, join, push and heartbeat, every drop and failed decoding.
 * `atMs` is the time on the clock of the scheduler. Values of keys that look like credentials are redacted.
 */
export type TraceEvent = { readonly atMs: number } & Happening<ShownFrame>
