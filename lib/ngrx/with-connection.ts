import { type ProviderToken, type Signal } from '@angular/core'
import {
  type EmptyFeatureResult,
  type SignalStoreFeature,
  signalStoreFeature,
  withMethods,
  withProps,
} from '@ngrx/signals'
import { givenSocket } from '../angular/given-socket.ts'
import { injectConnection, type ShownConnection } from '../angular/inject-connection.ts'
import { type PhoenixSocket } from '../phoenix-socket.ts'

/** What `withConnection` adds to a store. */
export interface ConnectionFeature extends EmptyFeatureResult {
  props: {
    /** The state of the connection, and while `waiting` the cause and the time until the next attempt. */
    readonly connection: Signal<ShownConnection>
  }
  methods: {
    /** Tries immediately while `waiting`, and connects again after `failed`. Returns false if there is nothing to do. */
    readonly reconnect: () => boolean
  }
}

/**
 * Adds the connection to a store, as the signal `connection`: its state, and while `waiting` the cause and the time until the
 * next attempt. The socket stays connected for as long as the store exists. `reconnect()` tries immediately while `waiting`, and
 * connects again after `failed`.
 *
 * @param token - the token of a socket other than the default one.
 */
export const withConnection = (
  token?: ProviderToken<PhoenixSocket>,
): SignalStoreFeature<EmptyFeatureResult, ConnectionFeature> =>
  signalStoreFeature(
    withProps(() => {
      givenSocket('withConnection', token)
      return { connection: injectConnection(token) }
    }),
    withMethods(({ connection }) => ({ reconnect: () => connection.reconnect() })),
  )
