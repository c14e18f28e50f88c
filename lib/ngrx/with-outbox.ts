import { signal, type Signal, untracked } from '@angular/core'
import {
  type EmptyFeatureResult,
  type SignalStoreFeature,
  signalStoreFeature,
  withMethods,
  withProps,
} from '@ngrx/signals'
import { catchError, defer, EMPTY, type Observable, tap, throwError } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type AnyContract, type ChannelContract } from '../channel/contract.ts'
import { type Outbox } from '../durable/outbox.ts'
import { type OutboxEntry } from '../durable/outbox-entry.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { ChannelClosed } from '../protocol/push-error.ts'
import { attachedValue } from './attached-value.ts'
import { channelOf } from './channel-of.ts'

/** What `withOutbox` adds to a store. */
export interface OutboxFeature<C extends ChannelContract> extends EmptyFeatureResult {
  props: {
    /** The entries that are queued, being sent or refused, in order. Empty for another topic, until its entries are read. */
    readonly outbox: Signal<readonly OutboxEntry[]>
    /** Why the entries cannot be shown: `StoreFailed` or `StoreLocked`. */
    readonly outboxError: Signal<Error | undefined>
  }
  methods: {
    /** `push` of the outbox: cold; stores an entry, and emits its states. Errors with `ChannelClosed` if there is no topic. */
    readonly enqueue: Outbox<C>['push']
    /** `retry` of the outbox: cold; sends a refused entry again. */
    readonly retryEntry: Outbox<C>['retry']
    /** `discard` of the outbox: cold; removes an entry. */
    readonly discardEntry: Outbox<C>['discard']
    /** `flush` of the outbox: cold; sends without waiting for the next attempt, and completes when nothing is queued. */
    readonly flushOutbox: Outbox<C>['flush']
  }
}

/**
 * An outbox for the channel of the `withChannel` before it: pushes that survive a reload, a crash and a day without network.
 * Entries of an earlier visit are sent as soon as the store joins. The signal `outbox` lists the entries that are not done;
 * `outboxError` is why they cannot be read. A database that fails does not affect the channel. The methods return cold
 * Observables, as those of the outbox do.
 *
 * @param make - makes the outbox of a channel; called once for each topic. It is passed in, so that a store without an outbox
 *   does not load `rx-phoenix/durable`. Open the database outside, once for the application.
 *
 * @example
 * const database = new Level<string, string>('outbox')
 *
 * signalStore(
 *   withChannel({ topic: 'room:lobby' }),
 *   withOutbox((channel) => outbox(channel, { store: database })),
 * )
 * @throws `InvalidArgument` if an argument is not a function and, when the store is made, if it has no channel.
 */
export const withOutbox = <C extends ChannelContract = AnyContract>(
  make: (channel: Channel<C>) => Outbox<C>,
): SignalStoreFeature<EmptyFeatureResult, OutboxFeature<C>> => {
  checked(
    typeof make === 'function',
    'withOutbox.make',
    make,
    DEV && 'pass a function such as (channel) => outbox(channel, { store }).',
  )
  return signalStoreFeature(
    withProps((store) => {
      // By topic, since two outboxes for one topic would both send its entries.
      const known: Map<string, Outbox<C>> = new Map()
      const outboxOf = (channel: Channel): Outbox<C> => {
        const found = known.get(channel.topic) ?? make(channel as unknown as Channel<C>)
        known.set(channel.topic, found)
        return found
      }
      const outboxError = signal<Error | undefined>(undefined)
      const entriesOf = (channel: Channel): Observable<readonly OutboxEntry[]> =>
        outboxOf(channel).entries$.pipe(
          tap(() => {
            outboxError.set(undefined)
          }),
          catchError((error: Error) => {
            outboxError.set(error)
            return EMPTY
          }),
        )
      return {
        outbox: attachedValue<readonly OutboxEntry[]>('withOutbox', store, entriesOf, []),
        outboxError: outboxError.asReadonly(),
        _outboxOfNow: (): Outbox<C> | undefined => {
          const channel = untracked(channelOf('withOutbox', store).channel)
          return channel && outboxOf(channel)
        },
      }
    }),
    withMethods(({ _outboxOfNow }) => {
      const now = <A>(use: (outbox: Outbox<C>) => Observable<A>): Observable<A> =>
        defer(() => {
          const outbox = _outboxOfNow()
          return outbox ? use(outbox) : throwError(() => new ChannelClosed({ topic: '', sent: false }))
        })
      return {
        enqueue: (...args: Parameters<Outbox<C>['push']>) => now((outbox) => outbox.push(...args)),
        retryEntry: (key: string) => now((outbox) => outbox.retry(key)),
        discardEntry: (key: string) => now((outbox) => outbox.discard(key)),
        flushOutbox: () => now((outbox) => outbox.flush()),
      } as OutboxFeature<C>['methods']
    }),
  )
}
