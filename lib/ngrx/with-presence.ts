import { type Signal } from '@angular/core'
import {
  type EmptyFeatureResult,
  type SignalStoreFeature,
  signalStoreFeature,
  withProps,
} from '@ngrx/signals'
import { presence, type PresenceOptions } from '../presence/presence.ts'
import { type Presence, type PresenceState } from '../presence/presence-state.ts'
import { attachedValue } from './attached-value.ts'

/**
 * The presences of the channel of the `withChannel` before it: `presence`, a signal of a Map. It keeps the last known presences
 * over a reconnect, and is empty for a new topic. `status`, `error` and `rejoin` are those of the channel.
 *
 * @example
 * signalStore(withChannel({ topic: 'room:lobby' }), withPresence<Person>())
 * @throws `InvalidArgument` when the store is made, if it has no channel.
 */
export const withPresence = <P extends Presence = Presence>(
  options?: PresenceOptions,
): SignalStoreFeature<
  EmptyFeatureResult,
  EmptyFeatureResult & { props: { readonly presence: Signal<PresenceState<P>> } }
> =>
  signalStoreFeature(
    withProps((store) => ({
      presence: attachedValue<PresenceState<P>>(
        'withPresence',
        store,
        (channel) => presence<P>(channel, options),
        new Map(),
      ),
    })),
  )
