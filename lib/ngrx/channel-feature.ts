import { type ResourceStatus, type Signal } from '@angular/core'
import { type Observable } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelState } from '../channel/channel-state.ts'
import { type AnyContract, type ChannelContract } from '../channel/contract.ts'

/** What `withChannel` adds to the properties of a store. Reading one never throws. */
export interface ChannelProps<C extends ChannelContract = AnyContract> {
  /** The channel; undefined without a topic. */
  readonly channel: Signal<Channel<C> | undefined>
  /**
   * `idle`: no topic. `loading`: not joined yet. `resolved`: joined, or closed by the server. `reloading`: it was joined, and
   * waits for the connection or joins again. `error`: the join ended with `error`.
   */
  readonly status: Signal<Exclude<ResourceStatus, 'local'>>
  /**
   * Why the status is `error`, such as `JoinRefused`, or `LiveStateFailed` of `withLiveState`, after which the channel is still
   * joined. While the client keeps trying, the cause is in `channelState`.
   */
  readonly error: Signal<Error | undefined>
  /** The state of the channel: the response of the join, the cause of an error and the time to the next try. */
  readonly channelState: Signal<ChannelState<C>>
  /** For `withPresence` and `withLiveState`: a stream that lives and fails with the channel. */
  readonly _attach: (stream: (channel: Channel) => Observable<unknown>) => void
  /** For `withLiveState`: an error that does not end the join, and what `rejoin` does about it. */
  readonly _failing: (failure: Signal<Error | undefined>, repair: () => void) => void
}

/** What `withChannel` adds to the methods of a store. */
export interface ChannelMethods<C extends ChannelContract = AnyContract> {
  /**
   * `push` of the current channel: cold, one value, or a `PushError`; `ChannelClosed` if there is no topic. It continues when the
   * store is destroyed, unless it runs in an `rxMethod`.
   */
  readonly push: Channel<C>['push']
  /** `send` of the current channel. */
  readonly send: Channel<C>['send']
  /**
   * Joins again after an error, or after the server closed the channel; after `LiveStateFailed` it requests the state again.
   * Returns false if there is nothing to do.
   */
  readonly rejoin: () => boolean
}
