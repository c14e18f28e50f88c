import {
  assertInInjectionContext,
  computed,
  DestroyRef,
  inject,
  type ProviderToken,
  type Signal,
} from '@angular/core'
import { Observable } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelOptions } from '../channel/channel-options.ts'
import { type AnyContract, type ChannelContract } from '../channel/contract.ts'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { channelUntil } from './channel-until.ts'
import { injectPhoenixSocket } from './inject-phoenix-socket.ts'
import { untrackedInput } from './untracked-input.ts'

/** Options of `injectChannel`. */
export interface InjectChannelOptions<C = AnyContract> extends ChannelOptions<C> {
  /** The token of the socket. Default: that of `providePhoenixSocket`. */
  readonly socket?: ProviderToken<PhoenixSocket>
}

/**
 * A channel of the provided socket, for as long as the component, directive or service lives that calls this: all its
 * streams, those of `presence(channel)` and `liveState(channel)` too, complete when its `DestroyRef` says so, and the
 * topic is left if nobody else holds it (after the `lingerMs` of the socket). Pushes are not cut off by that: they
 * settle as always.
 *
 * Cold like every channel: nothing is joined until something of it is subscribed. Call it where `inject` may be called.
 *
 * A function for `params` may read signals; an effect that subscribes does not depend on these.
 *
 * A function for the topic, such as `() => 'room:' + this.id()`, gives a signal of the channel, another one whenever the
 * topic is another.
 *
 * @throws `InvalidArgument` for a topic or an option that cannot work (of a signal: when it is read); Angular's NG0201
 * if no socket is provided, NG0203 outside an injection context.
 */
export function injectChannel<C extends ChannelContract = AnyContract>(
  topic: string,
  options?: InjectChannelOptions<C>,
): Channel<C>
export function injectChannel<C extends ChannelContract = AnyContract>(
  topic: () => string,
  options?: InjectChannelOptions<C>,
): Signal<Channel<C>>
export function injectChannel<C extends ChannelContract = AnyContract>(
  topic: string | (() => string),
  { socket: token, ...given }: InjectChannelOptions<C> = {},
): Channel<C> | Signal<Channel<C>> {
  assertInInjectionContext(injectChannel)
  const socket = injectPhoenixSocket(token)
  const options = { ...given, ...(given.params && { params: untrackedInput(given.params) }) }
  const destroyed$ = whenDestroyed(inject(DestroyRef))
  const channel = (name: string): Channel<C> => channelUntil(socket.channel<C>(name, options), destroyed$)
  if (typeof topic !== 'function') return channel(topic)
  // Two steps, so that what the function reads may change without a new channel, as long as the topic stays.
  const name = computed(topic)
  return computed(() => channel(name()))
}

const whenDestroyed = (destroyRef: DestroyRef): Observable<void> =>
  new Observable((subscriber) => {
    const end = (): void => {
      subscriber.next()
    }
    if (destroyRef.destroyed) end()
    else subscriber.add(destroyRef.onDestroy(end))
  })
