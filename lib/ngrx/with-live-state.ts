import { type Signal, untracked } from '@angular/core'
import {
  type EmptyFeatureResult,
  type SignalStoreFeature,
  signalStoreFeature,
  withMethods,
  withProps,
} from '@ngrx/signals'
import { noop } from 'rxjs'
import { type LiveDispatch, liveDispatch, liveStates } from '../angular/live-dispatch.ts'
import { liveFailures } from '../angular/live-failures.ts'
import { type LiveStateOptions } from '../live-state/live-state.ts'
import { attachedValue } from './attached-value.ts'
import { channelOf } from './channel-of.ts'
import { type ChannelProps } from './channel-feature.ts'

/** What `withLiveState` adds to a store: a live state of type S, as a signal of type A. */
export interface LiveStateFeature<A, S> extends EmptyFeatureResult {
  props: { readonly liveState: Signal<A> }
  methods: { readonly dispatch: LiveDispatch<S> }
}

/**
 * The state that a LiveState or Seance server owns on the channel of the `withChannel` before it: the signal `liveState`, and
 * `dispatch(name, detail?, change?)` to change it. The last state stays over a reconnect; a new topic starts with `defaultValue`,
 * or with undefined. `status`, `error` and `rejoin` are those of the channel; if the server sends an error in
 * place of a state, `error` is a `LiveStateFailed` until it sends a state.
 *
 * @example
 * signalStore(
 *   withChannel({ topic: 'todos' }),
 *   withLiveState<Todos>({ dialect: 'live-state', defaultValue: { todos: [] } }),
 *   withComputed(({ liveState }) => ({ open: () => liveState().todos.filter(({ done }) => !done) })),
 * )
 * @throws `InvalidArgument` when the store is made, if it has no channel.
 */
export function withLiveState<S>(
  options: LiveStateOptions<S> & { readonly defaultValue: S },
): SignalStoreFeature<EmptyFeatureResult, LiveStateFeature<S, S>>
export function withLiveState<S>(
  options: LiveStateOptions<S>,
): SignalStoreFeature<EmptyFeatureResult, LiveStateFeature<S | undefined, S>>
export function withLiveState<S>({
  defaultValue,
  ...options
}: LiveStateOptions<S> & { readonly defaultValue?: S }): SignalStoreFeature<
  EmptyFeatureResult,
  LiveStateFeature<S | undefined, S>
> {
  return signalStoreFeature(
    withProps((store) => {
      const liveOf = liveStates<S>(options)
      const shown = attachedValue<S | undefined>('withLiveState', store, liveOf, defaultValue)
      const { channel, _failing } = channelOf('withLiveState', store)
      const failure = attachedValue<Error | undefined>(
        'withLiveState',
        store,
        (of) => liveFailures(liveOf(of), of.topic),
        undefined,
      )
      _failing(failure, () => {
        const of = untracked(channel)
        if (of) liveOf(of).refresh().subscribe({ error: noop })
      })
      return { liveState: shown, _liveOf: liveOf }
    }),
    withMethods(({ _liveOf, ...store }) => ({
      dispatch: liveDispatch((store as object as ChannelProps).channel, _liveOf),
    })),
  )
}
