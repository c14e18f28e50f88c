import { assertInInjectionContext, computed, InjectionToken, signal, untracked } from '@angular/core'
import { ignoreElements, merge, noop, tap } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type AnyContract, type ChannelContract } from '../channel/contract.ts'
import { type LiveStateOptions } from '../live-state/live-state.ts'
import { DEV } from '../protocol/dev.ts'
import { type ChannelResource, channelResource } from './channel-resource.ts'
import { type ChannelResourceOptions } from './channel-resource-options.ts'
import { givenSocket } from './given-socket.ts'
import { type LiveDispatch, liveDispatch, liveStates } from './live-dispatch.ts'
import { liveFailures } from './live-failures.ts'
import { withFailure } from './with-failure.ts'

/** Options of `liveStateResource`: those of `channelResource`, and those of `liveState`. */
export interface LiveStateResourceOptions<S, C extends ChannelContract = AnyContract>
  extends Pick<ChannelResourceOptions<never, C>, 'topic' | 'options' | 'socket'>, LiveStateOptions<S> {
  /** The value until the server's first state arrives. A new topic starts with it again. Default: undefined. */
  readonly defaultValue?: S
}

/** What `liveStateResource` returns: the resource of a channel, and how to change the state. */
export interface LiveStateResource<
  A,
  S = Exclude<A, undefined>,
  C extends ChannelContract = AnyContract,
> extends ChannelResource<A, C> {
  readonly dispatch: LiveDispatch<S>
}

/**
 * The state that a LiveState or Seance server owns, as signals: `channelResource` with `liveState`. The last state stays over a
 * reconnect, until the server sends a new one. `dispatch` sends events to the server. If the server sends an error in place of a
 * state, `error` is a `LiveStateFailed` until it sends a state; the channel stays joined, and `reload` requests the state
 * again.
 *
 * @example
 * readonly todos = liveStateResource<Todos>({ topic: 'todos', dialect: 'live-state', defaultValue: { todos: [] } })
 * @throws as `channelResource` and `liveState` do.
 */
export function liveStateResource<S, C extends ChannelContract = AnyContract>(
  options: LiveStateResourceOptions<S, C> & { readonly defaultValue: S },
): LiveStateResource<S, S, C>
export function liveStateResource<S, C extends ChannelContract = AnyContract>(
  options: LiveStateResourceOptions<S, C>,
): LiveStateResource<S | undefined, S, C>
export function liveStateResource<S, C extends ChannelContract = AnyContract>({
  topic,
  options,
  socket,
  defaultValue,
  ...live
}: LiveStateResourceOptions<S, C>): LiveStateResource<S | undefined, S, C> {
  assertInInjectionContext(liveStateResource)
  if (DEV && !(topic instanceof InjectionToken)) givenSocket('liveStateResource', socket)
  const liveOf = liveStates<S>(live)
  const latest = signal<{ readonly of: Channel<C>; readonly error: Error | undefined } | undefined>(undefined)
  const resource = channelResource<S | undefined, C>({
    topic,
    ...(options && { options }),
    ...(socket && { socket }),
    stream: (channel) => {
      const state$ = liveOf(channel)
      const failures$ = liveFailures(state$, channel.topic).pipe(
        tap((error) => {
          latest.set({ of: channel, error })
        }),
        ignoreElements(),
      )
      return merge(state$, failures$)
    },
    defaultValue,
  })
  const { status, error } = withFailure(
    resource,
    resource.state,
    computed(() => (latest()?.of === resource.channel() ? latest()?.error : undefined)),
  )
  return {
    ...resource,
    status,
    error,
    hasValue: () => error() === undefined && resource.hasValue(),
    reload: () => {
      if (resource.reload()) return true
      const channel = untracked(resource.channel)
      if (!channel || untracked(error) === undefined) return false
      // The channel is joined; only the state is requested again.
      liveOf(channel).refresh().subscribe({ error: noop })
      return true
    },
    dispatch: liveDispatch(resource.channel, liveOf),
  }
}
