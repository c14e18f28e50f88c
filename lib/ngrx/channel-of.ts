import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { type ChannelProps } from './channel-feature.ts'

/** The channel that `withChannel` has added to a store. */
export const channelOf = (call: string, store: object): ChannelProps => {
  checked(
    '_attach' in store,
    `${call}.channel`,
    undefined,
    DEV && 'put withChannel({ topic: … }) before it: it uses the channel of the store.',
  )
  return store as ChannelProps
}
