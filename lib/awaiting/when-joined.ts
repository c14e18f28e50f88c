import { filter } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelState } from '../channel/channel-state.ts'
import { type ChannelContract } from '../channel/contract.ts'
import { ChannelClosed } from '../protocol/push-error.ts'
import { AwaitTimeout } from './await-timeout.ts'
import { awaited, type AwaitOptions } from './awaited.ts'
import { stream } from '../connection/checks.ts'
import { lastCause } from './last-cause.ts'

type Joined<C> = Extract<ChannelState<C>, { readonly status: 'joined' }>

/**
 * Resolves with the state of a channel when it is joined, immediately if it is joined already. Rejects with the `ChannelError` with which a
 * policy stopped (`JoinRefused` by default), with `ChannelClosed` if the server closes the channel first, with
 * `AwaitTimeout`, or with the reason of the signal.
 *
 * It is a subscriber until then and no longer: if it was the only one, the channel is left (after `lingerMs`). Subscribe to
 * what is to be kept, or let the channel linger.
 */
export const whenJoined = <C extends ChannelContract>(
  channel: Channel<C>,
  options: AwaitOptions = {},
): Promise<Joined<C>> => {
  stream('channel', channel)
  const { topic } = channel
  const failed = lastCause<ChannelState<C>>()
  return awaited(
    channel.pipe(
      failed.noted,
      filter((state): state is Joined<C> => state.status === 'joined'),
    ),
    options,
    {
      late: (timeoutMs) =>
        new AwaitTimeout({ awaited: `"${topic}" to be joined`, timeoutMs, cause: failed.cause() }),
      ended: () => new ChannelClosed({ topic, sent: false }),
    },
  )
}
