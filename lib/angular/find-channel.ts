import { computed, InjectionToken, type Signal } from '@angular/core'
import { type Channel } from '../channel/channel.ts'
import { type ChannelContract } from '../channel/contract.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { attempt } from './attempt.ts'
import { type ChannelResourceOptions } from './channel-resource-options.ts'
import { channelMaker, injectChannel } from './inject-channel.ts'

interface FoundChannel<C extends ChannelContract> {
  readonly channel?: Channel<C>
  readonly error?: Error
}

/** The channel of a resource, followed by signal. What a function of signals does wrong is a value, so that no template throws. */
export const findChannel = <C extends ChannelContract>({
  topic,
  options,
  socket,
}: Pick<ChannelResourceOptions<unknown, C>, 'topic' | 'options' | 'socket'>): Signal<FoundChannel<C>> => {
  if (topic instanceof InjectionToken) {
    if (DEV)
      checked(
        options === undefined && socket === undefined,
        'channelResource.options',
        options ?? socket,
        'pass options and socket to channelToken, which shares them with all who inject the channel.',
      )
    const channel = injectChannel(topic)
    return computed(() => ({ channel }))
  }
  const make = channelMaker('channelResource', { ...options, ...(socket && { socket }) })
  if (typeof topic !== 'function') {
    const channel = make(topic)
    return computed(() => ({ channel }))
  }
  // Two steps, so that what the function reads may change without another join, as long as the topic stays.
  const name = computed(() => attempt(topic))
  return computed((): FoundChannel<C> => {
    const given = name()
    if (given === undefined) return {}
    const channel = given instanceof Error ? given : attempt(() => make(given))
    return channel instanceof Error ? { error: channel } : { channel }
  })
}
