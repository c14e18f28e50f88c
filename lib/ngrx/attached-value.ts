import { computed, type Signal, signal } from '@angular/core'
import { type Observable, tap } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { channelOf } from './channel-of.ts'

/**
 * The last value of a stream of the channel of a store, as a signal. For another topic it is the default value again.
 *
 * The channel is looked for at run time: a feature whose type demands it does not compile behind `withState` once it is given
 * a type argument (https://ngrx.io/guide/signals/signal-store/custom-store-features, "Known TypeScript Issues").
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
