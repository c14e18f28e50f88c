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
 * The presences of the channel of the `withChannel` before it, as the signal `presence` of a Map: the last known one over a
 * reconnect, an empty one for another topic. `status`, `error` and `rejoin` are those of the channel.
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
