import { inject } from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import { Actions, createEffect, ofType } from '@ngrx/effects'
import { distinctUntilChanged, filter, map, merge, mergeMap, switchMap } from 'rxjs'
import { Channels } from '../channels.ts'
import { Session } from '../session.ts'
import { chatActions } from './chat.feature.ts'
import { deliver } from './deliver.ts'

/** The join of the lobby is answered with the rooms. */
export const rooms$ = createEffect(
  (channels = inject(Channels), session = inject(Session)) =>
    toObservable(session.signedIn).pipe(
      filter(Boolean),
      switchMap(() => channels.lobby),
      filter((state) => state.status === 'joined'),
      map(({ response }) => chatActions.roomsListed({ rooms: response.rooms })),
    ),
  { functional: true },
)

/** Every room is joined; each join, also one after a lost connection, is answered with what was posted so far. */
export const posts$ = createEffect(
  (actions$ = inject(Actions), channels = inject(Channels), session = inject(Session)) =>
    actions$.pipe(
      ofType(chatActions.roomsListed),
      map(({ rooms }) => rooms.map(({ id }) => id)),
      distinctUntilChanged((before, now) => before.join() === now.join()),
      switchMap((rooms) => merge(...rooms.map((room) => happenings(channels, session, room)))),
    ),
  { functional: true },
)

const happenings = (channels: Channels, session: Session, room: string) => {
  const channel = channels.room(room)
  return merge(
    channel.pipe(
      filter((state) => state.status === 'joined'),
      map(({ response }) => chatActions.historyReceived({ room, posts: response.posts })),
    ),
    channel
      .on('posted')
      .pipe(map((post) => chatActions.posted({ room, post, own: post.author.id === session.author().id }))),
  )
}

/** Pushes go in order of subscription, and none waits for another one's reply. */
export const send$ = createEffect(
  (actions$ = inject(Actions), channels = inject(Channels)) =>
    actions$.pipe(
      ofType(chatActions.written, chatActions.sentAgain),
      mergeMap(({ room, post: { id, body } }) =>
        deliver(channels.room(room).push('post', { id, body }), { room, id }),
      ),
    ),
  { functional: true },
)
