import { InjectionToken } from '@angular/core'
import { type Channel } from '../channel/channel.ts'
import { type AnyContract, type ChannelContract } from '../channel/contract.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { injectChannel, type InjectChannelOptions } from './inject-channel.ts'

/**
 * A channel that is declared once, with its contract and options, and injected anywhere: by `injectChannel(LOBBY)`, whose
 * streams end with the component, or as `topic` of `channelResource`. Since all share its options, none of them gets
 * `AlreadyJoined`. It belongs to the socket of the root injector, or to the one of its option `socket`.
 *
 * @param options - as for `injectChannel`; or a function that gives them, called once, when the channel is first injected,
 * where `inject` may be called.
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
