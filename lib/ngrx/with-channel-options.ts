import { type InjectionToken, type ProviderToken } from '@angular/core'
import {
  type Prettify,
  type SignalStoreFeatureResult,
  type StateSignals,
  type WritableStateSource,
} from '@ngrx/signals'
import { type Channel } from '../channel/channel.ts'
import { type ChannelOptions } from '../channel/channel-options.ts'
import {
  type AnyContract,
  type AnyTopics,
  type ChannelContract,
  type ContractAt,
  type TopicContracts,
  type UntypedTopic,
} from '../channel/contract.ts'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { type ChannelReducers } from './channel-reducers.ts'

/** The store with the features before this one. */
export type StoreOf<I extends SignalStoreFeatureResult> = Prettify<
  StateSignals<I['state']> & I['props'] & I['methods'] & WritableStateSource<I['state']>
>

/** Options of `withChannel`. */
export interface WithChannelOptions<
  I extends SignalStoreFeatureResult,
  C extends ChannelContract = AnyContract,
  T extends TopicContracts<T> = AnyTopics,
> extends ChannelReducers<Prettify<I['state']>, C> {
  /** A topic, a token of `channelToken`, or a function of the store that returns a topic; undefined joins nothing. */
  readonly topic:
    | UntypedTopic<NoInfer<T>>
    | InjectionToken<Channel<C>>
    | ((store: StoreOf<I>) => UntypedTopic<NoInfer<T>> | undefined)
  /** The contract: `type<Room>()` of `@ngrx/signals`. Not needed with a token, which has its own. */
  readonly contract?: C
  /** Options of the channel. Not with a token, which has its own. */
  readonly options?: ChannelOptions<NoInfer<C>>
  /** The token of the socket. Default: that of `providePhoenixSocket`. */
  readonly socket?: ProviderToken<PhoenixSocket<T>>
}

/** The same for a socket with contracts by topic, which its token carries. */
export interface TypedWithChannelOptions<
  I extends SignalStoreFeatureResult,
  T extends TopicContracts<T>,
  Topic extends string,
> extends ChannelReducers<Prettify<I['state']>, ContractAt<T, Topic>> {
  readonly socket: ProviderToken<PhoenixSocket<T>>
  /** A topic of the socket, or a function of the store that returns one; undefined joins nothing. */
  readonly topic: Topic | ((store: StoreOf<I>) => Topic | undefined)
  readonly options?: ChannelOptions<ContractAt<T, Topic>>
}
