import { ignoreElements, merge } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelState } from '../channel/channel-state.ts'
import { type ChannelContract, type EventName, type EventPayload } from '../channel/contract.ts'
import { ChannelClosed } from '../protocol/push-error.ts'
import { AwaitTimeout } from './await-timeout.ts'
import { awaited, type AwaitOptions } from './awaited.ts'
import { stream } from '../connection/checks.ts'
import { lastCause } from './last-cause.ts'

/**
 * Resolves with the next payload of an event. It listens from the call on, so that nothing is missed that comes after:
 * call it before the push that brings the event about. Rejects with the error with which the channel ended, with
 * `ChannelClosed` if the server closed it, with `AwaitTimeout`, or with the reason of the signal.
 *
 * It joins the channel, if nobody else has, and is a subscriber until the payload has come.
 */
export const nextMessage = <C extends ChannelContract, E extends EventName<C>>(
  channel: Channel<C>,
  event: E,
  options: AwaitOptions = {},
): Promise<EventPayload<C, E>> => {
  stream('channel', channel)
  const { topic } = channel
  const failed = lastCause<ChannelState<C>>()
  // The event first, since a server in memory sends while the states are being subscribed.
  return awaited(merge(channel.on(event), channel.pipe(failed.noted, ignoreElements())), options, {
    late: (timeoutMs) =>
      new AwaitTimeout({ awaited: `"${event}" on "${topic}"`, timeoutMs, cause: failed.cause() }),
    ended: () => new ChannelClosed({ topic, sent: false }),
  })
}
