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
    /** The state of the connection, and while `waiting` the cause and the time to the next try. */
    readonly connection: Signal<ShownConnection>
  }
  methods: {
    /** Tries immediately while `waiting`, and connects again after `failed`. Returns whether there was anything to do. */
    readonly reconnect: () => boolean
  }
}

/**
 * The connection as the signal `connection`: its state, and while `waiting` the cause and the time to the next try. The socket
 * stays connected for as long as the store lives. `reconnect()` tries immediately while `waiting`, connects again after
 * `failed`, and returns whether there was anything to do.
 *
 * @param token - of another socket than the default one.
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
