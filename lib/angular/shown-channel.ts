import { type ResourceStatus } from '@angular/core'
import { isObservable, type Observable, Subscription } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelState } from '../channel/channel-state.ts'
import { type ChannelContract } from '../channel/contract.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { attempt, toError } from './attempt.ts'

/** What a resource shows of one channel. */
export interface ShownChannel<A, C extends ChannelContract> {
  readonly channel: Channel<C> | undefined
  readonly value: A
  readonly state: ChannelState<C>
  readonly wasJoined: boolean
  readonly error: Error | undefined
}

/** Joins a channel, and gives what changes to `change`. Whatever fails is an `error`, and leaves the channel. */
export const showChannel = <A, C extends ChannelContract>(
  channel: Channel<C>,
  stream: (channel: Channel<C>) => Observable<A>,
  change: (changes: Partial<ShownChannel<A, C>>) => void,
): Subscription => {
  const subscription = new Subscription()
  const fail = (error: unknown): void => {
    subscription.unsubscribe()
    change({ error: toError(error) })
  }
  const values$ = attempt(() => {
    const made: unknown = stream(channel)
    return checked(
      isObservable(made),
      'channelResource.stream',
      made,
      DEV && "return an Observable, such as room.on('new_msg').",
    ) as Observable<A>
  })
  if (values$ instanceof Error) {
    fail(values$)
    return subscription
  }
  // The stream first, since a server may send something along with its answer to the join.
  subscription.add(
    values$.subscribe({
      next: (value) => {
        change({ value })
      },
      error: fail,
    }),
  )
  if (!subscription.closed)
    subscription.add(
      channel.subscribe({
        next: (state) => {
          change(state.status === 'joined' ? { state, wasJoined: true } : { state })
        },
        error: fail,
      }),
    )
  return subscription
}

/** The status in the words of Angular's `Resource`. */
export const statusOf = <C extends ChannelContract>({
  channel,
  error,
  state,
  wasJoined,
}: ShownChannel<unknown, C>): Exclude<ResourceStatus, 'local'> => {
  if (error !== undefined) return 'error'
  if (!channel) return 'idle'
  if (state.status === 'joined' || state.status === 'closed') return 'resolved'
  return wasJoined ? 'reloading' : 'loading'
}
