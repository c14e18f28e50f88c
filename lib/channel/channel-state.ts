import { type ChannelError } from '../protocol/channel-error.ts'
import { type AnyContract, type JoinReply } from './contract.ts'

/**
 * The state of a channel.
 *
 * - `idle`: nobody is subscribed; `cause` is the error with which the channel ended, until somebody subscribes again.
 * - `waiting`: the socket is not open.
 * - `joining`: params are evaluated, the join waits for its turn or for its reply. The first attempt has number 0.
 * - `joined`: `rejoined` is true if the same subscribers were joined before.
 * - `errored`: the join failed or was lost; `attempt` failures so far, the next try comes in `retryInMs`.
 * - `closed`: the server closed the channel. The last value before completion, and the state until somebody subscribes again.
 */
export type ChannelState<C = AnyContract> =
  | { readonly status: 'idle'; readonly cause?: ChannelError }
  | { readonly status: 'waiting' }
  | { readonly status: 'joining'; readonly attempt: number }
  | {
      readonly status: 'joined'
      readonly response: JoinReply<C>
      readonly joinRef: string
      readonly rejoined: boolean
    }
  | {
      readonly status: 'errored'
      readonly attempt: number
      readonly retryInMs: number
      readonly cause: ChannelError
    }
  | { readonly status: 'closed' }
