import { type SchedulerLike } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import { type PushError } from '../protocol/push-error.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type SocketContext } from '../connection/socket-context.ts'
import { type Trace } from '../connection/trace.ts'
import { type Wire } from '../connection/wire.ts'
import { type ChannelSettings } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'

/** A push that has not ended, as its topic and `inspect` see it. */
export interface TopicPush {
  readonly outgoing: { readonly event: string }
  readonly timeoutMs: number
  /** On the clock of the scheduler. */
  readonly subscribedAt: number
  readonly sent: boolean
  /** The state of the channel has changed. */
  follow(state: ChannelState): void
  /** The channel has failed. */
  stop(error: SocketError): void
}

/** A topic, as its joins and pushes see it. */
export interface SharedTopic {
  readonly name: string
  readonly settings: ChannelSettings
  readonly context: SocketContext
  readonly scheduler: SchedulerLike
  readonly trace: Trace
  readonly state: ChannelState
  /** Kept for params that ask for it. */
  readonly lastMessage: Message | undefined
  /** In order of subscription. */
  readonly pushes: Set<TopicPush>
  /** The wire, while joined. */
  readonly wire: Wire | undefined
  /** Of the join that is sent or answered. */
  readonly joinRef: string | null
  /** Joined, and the pushes that waited for it have been sent: a new one need not queue behind them. */
  readonly ready: boolean
  become(state: ChannelState, cause?: SocketError): void
  /** A message of the current join. */
  dispatch(message: Message): void
  /** The server has closed the channel. */
  close(): void
  /** It has ended with an error. `leaving`: the server may still have the join. */
  fail(error: SocketError, leaving: boolean): void
  /** The error of a push that had been sent and can have no reply any more, now that the join is gone. */
  loss(): PushError
  /** A reply said "unmatched topic" to a push of this join: the server has lost it. */
  unmatched(joinRef: string | null, response: unknown): void
  /**
   * Keeps the topic until `act` returns, even if subscribers leave meanwhile: a subscriber that subscribes again at a
   * notification, as `retry`, `repeat` and `concat` do, finds the join, or the wait for it, and no new one.
   */
  keepDuring(act: () => void): void
}
