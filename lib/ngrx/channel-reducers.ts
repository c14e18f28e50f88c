import { untracked } from '@angular/core'
import { getState, type PartialStateUpdater, patchState, type WritableStateSource } from '@ngrx/signals'
import { filter, map, merge, type Observable, tap } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import {
  type AnyContract,
  type ChannelContract,
  type EventName,
  type EventPayload,
  type JoinReply,
} from '../channel/contract.ts'

/** What `patchState` takes: a part of the state, an updater such as `addEntity(message)`, or several of these. */
export type StateChange<S extends object> =
  Partial<S> | PartialStateUpdater<S> | readonly (Partial<S> | PartialStateUpdater<S>)[]

/** How a channel changes the state of a store. */
export interface ChannelReducers<S extends object, C extends ChannelContract = AnyContract> {
  /** The change of the state for each event. */
  readonly events?: {
    readonly [E in EventName<C>]?: (state: S, payload: EventPayload<C, E>) => StateChange<S>
  }
  /** The change of the state for the server's response to each join, also after a reconnect. */
  readonly joined?: (state: S, response: JoinReply<C>) => StateChange<S>
}

/** Changes the state with each event and join. Its values have no meaning. */
export const reduced = (
  channel: Channel,
  { events = {}, joined }: ChannelReducers<object>,
  store: WritableStateSource<object>,
): Observable<unknown> => {
  const by = (reduce: (state: object, given: unknown) => StateChange<object>) =>
    tap((given: unknown) => {
      const state = untracked(() => getState(store))
      patchState(store, ...[reduce(state, given)].flat())
    })
  const responses$ = channel.pipe(
    filter((state) => state.status === 'joined'),
    map(({ response }) => response),
  )
  return merge(
    ...Object.entries(events).flatMap(([event, reduce]) =>
      reduce ? channel.on(event).pipe(by(reduce)) : [],
    ),
    ...(joined ? [responses$.pipe(by(joined))] : []),
  )
}
