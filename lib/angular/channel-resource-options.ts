import { type InjectionToken, type ProviderToken } from '@angular/core'
import { type Observable } from 'rxjs'
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
import { type InjectChannelOptions } from './inject-channel.ts'

/** The channel of a resource: a topic, a function of signals that returns one (undefined: none), or a token of `channelToken`. */
export type ResourceTopic<C extends ChannelContract = AnyContract, T extends TopicContracts<T> = AnyTopics> =
  UntypedTopic<NoInfer<T>> | (() => UntypedTopic<NoInfer<T>> | undefined) | InjectionToken<Channel<C>>

/** Options of `channelResource`. */
export interface ChannelResourceOptions<
  A,
  C extends ChannelContract = AnyContract,
  T extends TopicContracts<T> = AnyTopics,
> extends Pick<InjectChannelOptions<C, T>, 'socket'> {
  readonly topic: ResourceTopic<C, T>
  /** Options of the channel. Not with a token, which has its own. */
  readonly options?: ChannelOptions<C>
  /** Makes the value of the channel: `(room: Channel<Room>) => room.on('new_msg').pipe(scan(…))`. Called for each channel. */
  readonly stream: (channel: Channel<C>) => Observable<A>
  /** The value until the stream emits. A new topic starts with it again. */
  readonly defaultValue: A
}

/** The same for a socket with contracts by topic, which its token carries. */
export interface TypedResourceOptions<A, T extends TopicContracts<T>, Topic extends string> {
  readonly socket: ProviderToken<PhoenixSocket<T>>
  /** A topic of the socket, or a function of signals; undefined joins nothing. */
  readonly topic: Topic | (() => Topic | undefined)
  readonly options?: ChannelOptions<ContractAt<T, Topic>>
  /** Makes the stream of values from the channel. */
  readonly stream: (channel: Channel<ContractAt<T, Topic>>) => Observable<A>
  readonly defaultValue: A
}
