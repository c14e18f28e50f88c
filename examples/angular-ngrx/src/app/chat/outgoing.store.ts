import { inject, InjectionToken } from '@angular/core'
import {
  patchState,
  signalStore,
  type,
  withComputed,
  withFeature,
  withMethods,
  withProps,
  withState,
} from '@ngrx/signals'
import { BrowserLevel } from 'browser-level'
import { outbox, type OutboxEntry, type OutboxStore } from 'rx-phoenix/durable'
import { withChannel, withOutbox } from 'rx-phoenix/ngrx'
import { noop } from 'rxjs'
import { type PostsContract, type Written } from '../../../shared/contract.ts'
import { Session } from '../session.ts'

/** Where outgoing posts are kept: IndexedDB, one database for the application. */
export const DATABASE = new InjectionToken<OutboxStore>('the database of outgoing posts', {
  factory: () => new BrowserLevel<string, string>('ember'),
})

/** `queued`: waits for its turn or for the connection. `retrying`: nobody knows whether it arrived, so it is sent again. */
export type Delivery = 'queued' | 'sending' | 'retrying' | 'refused'

export interface OutgoingPost extends Written {
  readonly id: string
  readonly atMs: number
  readonly delivery: Delivery
  /** Why it was refused. */
  readonly reason: string
}

/** Posts until the server has them. They are kept in the browser, so neither a reload nor a day offline loses one. */
export const OutgoingStore = signalStore(
  { providedIn: 'root' },
  withState({ notKept: '' }),
  withProps(() => ({ _session: inject(Session), _database: inject(DATABASE) })),
  withChannel({
    topic: ({ _session }) => (_session.signedIn() ? 'posts' : undefined),
    contract: type<PostsContract>(),
  }),
  withFeature(({ _session, _database }) =>
    withOutbox<PostsContract>((channel) =>
      outbox(channel, {
        store: _database,
        name: `posts of ${_session.author().id}`, // another tab is another person, who must not send them
        withKey: (payload, id) => ({ ...(payload as Written), id }), // the server takes an id once
      }),
    ),
  ),
  withComputed(({ outbox, status }) => ({
    posts: (): readonly OutgoingPost[] => outbox().map((entry) => toPost(entry, status() === 'resolved')),
  })),
  withMethods((store) => ({
    write: (post: Written): void => {
      patchState(store, { notKept: '' })
      store.enqueue('post', post).subscribe({
        error: () => {
          patchState(store, { notKept: post.body })
        },
      })
    },
    sendAgain: (id: string): void => {
      store.retryEntry(id).subscribe({ error: noop })
    },
    discard: (id: string): void => {
      store.discardEntry(id).subscribe({ error: noop })
    },
  })),
)

const toPost = ({ key, payload, at, state }: OutboxEntry, isJoined: boolean): OutgoingPost => ({
  ...(payload as Written),
  id: key,
  atMs: at,
  delivery: deliveryOf(state, isJoined),
  reason: state.status === 'refused' ? reasonOf(state.error.response) : '',
})

const deliveryOf = (state: OutboxEntry['state'], isJoined: boolean): Delivery => {
  if (state.status === 'refused') return 'refused'
  if (state.status !== 'sending') return 'queued'
  if (state.attempt > 0) return 'retrying'
  return isJoined ? 'sending' : 'queued'
}

const reasonOf = (response: unknown): string => {
  const { reason } = Object(response) as { readonly reason?: unknown }
  return typeof reason === 'string' ? reason : 'the server refused it'
}
