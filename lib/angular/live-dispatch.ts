import { untracked } from '@angular/core'
import { defer, type Observable, throwError } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelContract } from '../channel/contract.ts'
import { type LiveState, liveState, type LiveStateOptions } from '../live-state/live-state.ts'
import { optimistic } from '../live-state/optimistic.ts'
import { ChannelClosed } from '../protocol/push-error.ts'

/**
 * Sends an event to the server of a live state, which does not reply. Cold. Completes once the transport has the event, or errors
 * with a `PushError`: `ChannelClosed` if there is no topic.
 *
 * @param change - computes the state to show until the server's next version arrives or sending fails.
 */
export type LiveDispatch<S> = (name: string, detail?: unknown, change?: (state: S) => S) => Observable<never>

/** Makes one live state for each channel, so that a change of `dispatch` shows wherever the state is shown. */
export const liveStates = <S>(
  options: LiveStateOptions<S>,
): (<C extends ChannelContract>(channel: Channel<C>) => LiveState<S>) => {
  const known: WeakMap<object, LiveState<S>> = new WeakMap()
  return (channel) => {
    const live = known.get(channel) ?? liveState<S>(channel as unknown as Channel, options)
    known.set(channel, live)
    return live
  }
}

/** `dispatch` to the live state of the current channel. */
export const liveDispatch =
  <S, C extends ChannelContract>(
    channelOfNow: () => Channel<C> | undefined,
    liveOf: (channel: Channel<C>) => LiveState<S>,
  ): LiveDispatch<S> =>
  (name, detail, change) =>
    defer(() => {
      const channel = untracked(channelOfNow)
      if (!channel) return throwError(() => new ChannelClosed({ topic: '', sent: false }))
      const live = liveOf(channel)
      const sent$ = live.dispatch(name, detail)
      return change ? sent$.pipe(optimistic(live, change)) : sent$
    })
