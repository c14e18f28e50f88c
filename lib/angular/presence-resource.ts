import { assertInInjectionContext, InjectionToken } from '@angular/core'
import { type AnyContract, type ChannelContract } from '../channel/contract.ts'
import { DEV } from '../protocol/dev.ts'
import { presence, type PresenceOptions } from '../presence/presence.ts'
import { type Presence, type PresenceState } from '../presence/presence-state.ts'
import { type ChannelResource, channelResource } from './channel-resource.ts'
import { type ChannelResourceOptions } from './channel-resource-options.ts'
import { givenSocket } from './given-socket.ts'

/** Options of `presenceResource`: those of `channelResource`, and the events of `presence`. */
export interface PresenceResourceOptions<C extends ChannelContract = AnyContract>
  extends Pick<ChannelResourceOptions<never, C>, 'topic' | 'options' | 'socket'>, PresenceOptions {}

/** The presences of a topic, as signals: `channelResource` with `presence`. The value starts as an empty Map. */
export const presenceResource = <P extends Presence = Presence, C extends ChannelContract = AnyContract>({
  events,
  ...options
}: PresenceResourceOptions<C>): ChannelResource<PresenceState<P>, C> => {
  assertInInjectionContext(presenceResource)
  if (DEV && !(options.topic instanceof InjectionToken)) givenSocket('presenceResource', options.socket)
  return channelResource<PresenceState<P>, C>({
    ...options,
    stream: (channel) => presence<P>(channel, events && { events }),
    defaultValue: new Map(),
  })
}
