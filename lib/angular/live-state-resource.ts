import { assertInInjectionContext } from '@angular/core'
import { type AnyContract, type ChannelContract } from '../channel/contract.ts'
import { type LiveStateOptions } from '../live-state/live-state.ts'
import { type ChannelResource, channelResource, type ChannelResourceOptions } from './channel-resource.ts'
import { type LiveDispatch, liveDispatch, liveStates } from './live-dispatch.ts'

/** Options of `liveStateResource`: those of `channelResource`, and those of `liveState`. */
export interface LiveStateResourceOptions<S, C extends ChannelContract = AnyContract>
  extends Pick<ChannelResourceOptions<never, C>, 'topic' | 'options' | 'socket'>, LiveStateOptions<S> {
  /** The value until the server's first state arrives, and anew for each topic. Default: undefined. */
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
 * The state that a LiveState or Seance server owns, as signals: `channelResource` with `liveState`. It stays over reconnects,
 * and is repaired as `liveState` does it. `dispatch` sends events to the server.
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
  const liveOf = liveStates<S>(live)
  const resource = channelResource<S | undefined, C>({
    topic,
    ...(options && { options }),
    ...(socket && { socket }),
    stream: liveOf,
    defaultValue,
  })
  return { ...resource, dispatch: liveDispatch(resource.channel, liveOf) }
}
