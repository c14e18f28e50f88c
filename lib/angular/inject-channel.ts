import {
  assertInInjectionContext,
  computed,
  DestroyRef,
  inject,
  InjectionToken,
  type ProviderToken,
  type Signal,
} from '@angular/core'
import { Observable } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelOptions } from '../channel/channel-options.ts'
import {
  type AnyContract,
  type AnyTopics,
  type ChannelContract,
  type ContractAt,
  type TopicContracts,
  type TopicOf,
  type UntypedTopic,
} from '../channel/contract.ts'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { channelUntil } from './channel-until.ts'
import { givenSocket } from './given-socket.ts'

/** Options of `injectChannel`. */
export interface InjectChannelOptions<
  C = AnyContract,
  T extends TopicContracts<T> = AnyTopics,
> extends ChannelOptions<C> {
  /** The token of the socket. Default: that of `providePhoenixSocket`. */
  readonly socket?: ProviderToken<PhoenixSocket<T>>
}

/** The same for a socket with contracts by topic, which its token carries. */
export interface TypedChannelOptions<
  T extends TopicContracts<T>,
  Topic extends string,
> extends ChannelOptions<ContractAt<T, Topic>> {
  readonly socket: ProviderToken<PhoenixSocket<T>>
}

/**
 * A channel of the provided socket, for as long as the calling component, directive or service exists. When that is destroyed,
 * all streams of the channel complete, including those of `presence(channel)` and `liveState(channel)`, and the topic is left
 * unless something else is subscribed to it (after the `lingerMs` of the socket). Pushes continue, and settle as always.
 *
 * Cold like every channel: it joins when something of it is subscribed. Call it in an injection context.
 *
 * A function for `params` may read signals; an effect that subscribes does not depend on them.
 *
 * If the topic is a function, such as `() => 'room:' + this.id()`, the result is a signal of the channel, which changes with the
 * topic. A token of `channelToken` returns its channel. A socket with contracts by topic types the channel by its topic:
 * `injectChannel('room:lobby', { socket: CHAT })`, with `CHAT` an `InjectionToken<PhoenixSocket<Topics>>`.
 *
 * @throws `InvalidArgument` for a topic or an option that cannot work (if the topic is a function, when the signal is read); an
 * Error if no socket is provided; Angular's NG0203 outside an injection context.
 */
export function injectChannel<C extends ChannelContract>(token: InjectionToken<Channel<C>>): Channel<C>
export function injectChannel<T extends TopicContracts<T>, Topic extends TopicOf<T>>(
  topic: Topic,
  options: TypedChannelOptions<T, Topic>,
): Channel<ContractAt<T, Topic>>
export function injectChannel<T extends TopicContracts<T>, Topic extends TopicOf<T>>(
  topic: () => Topic,
  options: TypedChannelOptions<T, Topic>,
): Signal<Channel<ContractAt<T, Topic>>>
export function injectChannel<
  C extends ChannelContract = AnyContract,
  T extends TopicContracts<T> = AnyTopics,
>(topic: UntypedTopic<NoInfer<T>>, options?: InjectChannelOptions<C, T>): Channel<C>
export function injectChannel<
  C extends ChannelContract = AnyContract,
  T extends TopicContracts<T> = AnyTopics,
>(topic: () => UntypedTopic<NoInfer<T>>, options?: InjectChannelOptions<C, T>): Signal<Channel<C>>
export function injectChannel<C extends ChannelContract = AnyContract>(
  topic: string | (() => string) | InjectionToken<Channel<C>>,
  options: InjectChannelOptions<C> = {},
): Channel<C> | Signal<Channel<C>> {
  assertInInjectionContext(injectChannel)
  if (topic instanceof InjectionToken) return channelUntil(inject(topic), whenDestroyed(inject(DestroyRef)))
  const channel = channelMaker('injectChannel', options)
  if (typeof topic !== 'function') return channel(topic)
  // Two steps, so that what the function reads may change without a new channel, as long as the topic stays.
  const name = computed(topic)
  return computed(() => channel(name()))
}

/** Makes channels whose streams complete when the calling injector is destroyed. */
export const channelMaker = <C extends ChannelContract>(
  call: string,
  { socket: token, ...options }: InjectChannelOptions<C>,
): ((topic: string) => Channel<C>) => {
  const socket = givenSocket(call, token)
  const destroyed$ = whenDestroyed(inject(DestroyRef))
  return (topic) => channelUntil(socket.channel<C>(topic, options), destroyed$)
}

const whenDestroyed = (destroyRef: DestroyRef): Observable<void> =>
  new Observable((subscriber) => {
    const end = (): void => {
      subscriber.next()
    }
    if (destroyRef.destroyed) end()
    else subscriber.add(destroyRef.onDestroy(end))
  })
