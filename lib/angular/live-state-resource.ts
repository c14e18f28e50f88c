import { assertInInjectionContext } from '@angular/core'
import { liveState, type LiveStateOptions } from '../live-state/live-state.ts'
import { type ChannelResource, channelResource, type ChannelResourceOptions } from './channel-resource.ts'

/** Options of `liveStateResource`: those of `channelResource`, and those of `liveState`. */
export interface LiveStateResourceOptions<S>
  extends Pick<ChannelResourceOptions<never>, 'topic' | 'options' | 'socket'>, LiveStateOptions<S> {}

/** The state that a server owns, as signals: `channelResource` with `liveState`. The value is undefined at first. */
export const liveStateResource = <S>({
  topic,
  options,
  socket,
  ...liveOptions
}: LiveStateResourceOptions<S>): ChannelResource<S | undefined> => {
  assertInInjectionContext(liveStateResource)
  return channelResource<S | undefined>({
    topic,
    ...(options && { options }),
    ...(socket && { socket }),
    stream: (channel) => liveState<S>(channel, liveOptions),
    defaultValue: undefined,
  })
}
