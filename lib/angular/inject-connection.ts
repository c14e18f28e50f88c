import {
  assertInInjectionContext,
  DestroyRef,
  inject,
  type ProviderToken,
  type Signal,
  signal,
  untracked,
} from '@angular/core'
import { Subscription } from 'rxjs'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { type ConnectionState } from '../connection/connection-state.ts'
import { givenSocket } from './given-socket.ts'
import { tryNow } from './try-now.ts'

/** The state of a connection; `failed` when the policy `reconnect` stopped, which the socket itself shows as an error. */
export type ShownConnection = ConnectionState | { readonly status: 'failed'; readonly cause: ConnectionError }

/** What `injectConnection` returns. Reading it never throws. */
export interface ConnectionSignal extends Signal<ShownConnection> {
  /** Tries immediately while `waiting`, and connects again after `failed`. Returns false if there is nothing to do. */
  reconnect(): boolean
}

/**
 * The connection as a signal: its state, and while `waiting` the cause and the time until the next attempt, `retryInMs`. It
 * keeps the socket connected for as long as the calling component, directive or service exists. During server-side rendering
 * it is `paused`.
 *
 * @param token - the token of a socket other than the default one.
 * @throws an Error if no socket is provided; Angular's NG0203 outside an injection context.
 */
export const injectConnection = (token?: ProviderToken<PhoenixSocket>): ConnectionSignal => {
  assertInInjectionContext(injectConnection)
  const socket = givenSocket('injectConnection', token)
  const state = signal<ShownConnection>(socket.state)
  let subscription = Subscription.EMPTY
  const connect = (): void => {
    // Untracked, as a subscription may run code of the application that reads signals.
    subscription = untracked(() =>
      socket.subscribe({
        next: (next) => {
          state.set(next)
        },
        error: (cause: ConnectionError) => {
          state.set({ status: 'failed', cause })
        },
      }),
    )
  }
  inject(DestroyRef).onDestroy(() => {
    subscription.unsubscribe()
  })
  connect()
  return Object.assign(state.asReadonly(), {
    reconnect: (): boolean => {
      const { status } = untracked(state)
      const now$ = status === 'waiting' ? tryNow.get(socket) : undefined
      now$?.next()
      if (status === 'failed') connect()
      return status === 'failed' || now$ !== undefined
    },
  })
}
