import { computed, type Signal, signal } from '@angular/core'
import { type Observable, tap } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { channelOf } from './channel-of.ts'

/**
 * The last value of a stream of the store's channel, as a signal. A new topic starts with the default value again.
 *
 * Whether there is a channel is checked at run time: a feature whose type requires it does not compile after `withState` once it
 * has a type argument (https://ngrx.io/guide/signals/signal-store/custom-store-features, "Known TypeScript Issues").
 */
export const attachedValue = <A>(
  call: string,
  store: object,
  stream: (channel: Channel) => Observable<A>,
  defaultValue: A,
): Signal<A> => {
  const { channel, _attach } = channelOf(call, store)
  const latest = signal<{ readonly of: Channel; readonly value: A } | undefined>(undefined)
  _attach((of) =>
    stream(of).pipe(
      tap((value) => {
        latest.set({ of, value })
      }),
    ),
  )
  return computed(() => {
    const known = latest()
    return known && known.of === channel() ? known.value : defaultValue
  })
}
