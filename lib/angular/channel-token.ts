import { InjectionToken } from '@angular/core'
import { type Channel } from '../channel/channel.ts'
import { type AnyContract, type ChannelContract } from '../channel/contract.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { injectChannel, type InjectChannelOptions } from './inject-channel.ts'

/**
 * Declares a channel once, with its contract and options, to be injected anywhere: by `injectChannel(LOBBY)`, whose streams
 * end with the component, or as `topic` of `channelResource`. All who inject it share its options, so none of them gets
 * `AlreadyJoined`. It uses the socket of the root injector, or the one of its option `socket`.
 *
 * @param options - as for `injectChannel`; or a function that returns them. It is called once, when the channel is first
 * injected, and may call `inject`.
 *
 * @example
 * export const LOBBY = channelToken<Lobby>('room:lobby', () => {
 *   const session = inject(Session)
 *   return { params: () => ({ nickname: session.name() }) }
 * })
 * @throws `InvalidArgument` for a topic that is empty or no string.
 */
export const channelToken = <C extends ChannelContract = AnyContract>(
  topic: string,
  options: InjectChannelOptions<C> | (() => InjectChannelOptions<C>) = {},
): InjectionToken<Channel<C>> => {
  checked(
    typeof topic === 'string' && topic !== '',
    'topic',
    topic,
    DEV && 'pass a topic such as "room:lobby".',
  )
  return new InjectionToken(`channel "${topic}"`, {
    providedIn: 'root',
    factory: () => injectChannel<C>(topic, typeof options === 'function' ? options() : options),
  })
}
