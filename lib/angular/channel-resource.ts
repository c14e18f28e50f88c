import {
  assertInInjectionContext,
  computed,
  DestroyRef,
  effect,
  inject,
  type ResourceStatus,
  type Signal,
  signal,
  untracked,
} from '@angular/core'
import { Subscription } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelState } from '../channel/channel-state.ts'
import {
  type AnyContract,
  type AnyTopics,
  type ChannelContract,
  type ContractAt,
  type TopicContracts,
  type TopicOf,
} from '../channel/contract.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { IDLE } from '../connection/connection-state.ts'
import { type ChannelResourceOptions, type TypedResourceOptions } from './channel-resource-options.ts'
import { findChannel } from './find-channel.ts'
import { showChannel, type ShownChannel, statusOf } from './shown-channel.ts'

/**
 * A channel as signals, with the members of Angular's `Resource`. Reading one never throws: after an error `value` keeps the
 * last value.
 */
export interface ChannelResource<A, C extends ChannelContract = AnyContract> {
  readonly value: Signal<A>
  /**
   * `idle`: no topic. `loading`: not joined yet. `resolved`: joined, or closed by the server. `reloading`: it was joined, and
   * waits for the connection or joins again. `error`: the join or the stream ended with `error`.
   */
  readonly status: Signal<Exclude<ResourceStatus, 'local'>>
  /** Why the status is `error`. While the client keeps trying, the cause is in `state`. */
  readonly error: Signal<Error | undefined>
  readonly isLoading: Signal<boolean>
  /** Whether there is a value other than undefined, and no error. Reactive. */
  hasValue(): boolean
  /** Joins again after an error, or after the server closed the channel. Returns false if there is nothing to do. */
  reload(): boolean
  /** The channel, for pushes; undefined without a topic. */
  readonly channel: Signal<Channel<C> | undefined>
  /** The state of the channel: the response of the join, the cause of an error and the time to the next try. */
  readonly state: Signal<ChannelState<C>>
}

/**
 * A channel and a value made of it, as signals, for as long as the calling component, directive or service exists.
 *
 * It joins immediately; if the topic is a function of signals, it joins when Angular runs effects. A new topic leaves the old
 * channel, joins the new one and starts with `defaultValue`. The value survives reconnects and rejoins. During server-side
 * rendering nothing connects: the value is `defaultValue`, and the application is stable.
 *
 * @throws `InvalidArgument` for a topic or options that cannot work (if the topic is a function, as `error`); an Error if no
 * socket is provided; Angular's NG0203 outside an injection context.
 */
export function channelResource<A, T extends TopicContracts<T>, Topic extends TopicOf<T>>(
  options: TypedResourceOptions<A, T, Topic>,
): ChannelResource<A, ContractAt<T, Topic>>
export function channelResource<
  A,
  C extends ChannelContract = AnyContract,
  T extends TopicContracts<T> = AnyTopics,
>(options: ChannelResourceOptions<A, C, T>): ChannelResource<A, C>
export function channelResource<A, C extends ChannelContract = AnyContract>(
  options: ChannelResourceOptions<A, C>,
): ChannelResource<A, C> {
  assertInInjectionContext(channelResource)
  const { topic, stream, defaultValue } = options
  checked(
    typeof stream === 'function',
    'channelResource.stream',
    stream,
    DEV && "pass a function such as (room) => room.on('new_msg').",
  )
  const found = findChannel(options)
  const initial = (channel: Channel<C> | undefined): ShownChannel<A, C> => ({
    channel,
    value: defaultValue,
    state: IDLE,
    wasJoined: false,
    error: undefined,
  })
  const latest = signal(initial(undefined))
  // What is shown belongs to the current channel, also before the effect below has seen a new topic.
  const shown = computed(() => {
    const { channel, error } = found()
    const known = latest()
    return channel !== undefined && known.channel === channel ? known : { ...initial(channel), error }
  })

  let subscription = Subscription.EMPTY
  const leave = (): void => {
    subscription.unsubscribe()
  }
  const join = (channel: Channel<C>): void => {
    leave()
    const before = latest()
    latest.set(before.channel === channel ? { ...before, error: undefined } : initial(channel))
    subscription = showChannel(channel, stream, (changes) => {
      latest.update((known) => (known.channel === channel ? { ...known, ...changes } : known))
    })
  }
  const joinFound = (): void => {
    const { channel } = found()
    if (channel)
      untracked(() => {
        join(channel)
      })
  }
  if (typeof topic === 'function')
    effect((onCleanup) => {
      joinFound()
      onCleanup(leave)
    })
  else joinFound()
  inject(DestroyRef).onDestroy(leave)

  const status = computed(() => statusOf(shown()))
  return {
    value: computed(() => shown().value),
    status,
    error: computed(() => shown().error),
    isLoading: computed(() => status() === 'loading' || status() === 'reloading'),
    hasValue: () => shown().error === undefined && shown().value !== undefined,
    reload: () =>
      untracked(() => {
        const { channel, error, state } = shown()
        if (!channel || (error === undefined && state.status !== 'closed')) return false
        join(channel)
        return true
      }),
    channel: computed(() => shown().channel),
    state: computed(() => shown().state),
  }
}
