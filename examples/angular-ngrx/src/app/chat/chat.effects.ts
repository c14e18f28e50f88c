import { inject } from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import { Actions, createEffect, ofType } from '@ngrx/effects'
import { injectPhoenixSocket } from 'rx-phoenix/angular'
import { actionsOf } from 'rx-phoenix/ngrx'
import { distinctUntilChanged, filter, map, merge, switchMap } from 'rxjs'
import { type Room, type RoomContract } from '../../../shared/contract.ts'
import { LobbyStore } from '../people/lobby.store.ts'
import { Session } from '../session.ts'
import { chatActions } from './chat.feature.ts'

const ids = (rooms: readonly Room[]): string => rooms.map(({ id }) => id).join()

/** The join of the lobby is answered with the rooms. */
export const rooms$ = createEffect(
  (lobby = inject(LobbyStore)) =>
    toObservable(lobby.rooms).pipe(
      filter((rooms) => rooms.length > 0),
      distinctUntilChanged((before, now) => ids(before) === ids(now)),
      map((rooms) => chatActions.roomsListed({ rooms })),
    ),
  { functional: true },
)

/** Every room is joined; each join, also one after a lost connection, is answered with what was posted so far. */
export const posts$ = createEffect(
  (actions$ = inject(Actions), socket = injectPhoenixSocket(), session = inject(Session)) =>
    actions$.pipe(
      ofType(chatActions.roomsListed),
      switchMap(({ rooms }) =>
        merge(
          ...rooms.map(({ id: room }) =>
            actionsOf(
              socket.channel<RoomContract>(`room:${room}`),
              {
                posted: (post) =>
                  chatActions.posted({ room, post, own: post.author.id === session.author().id }),
              },
              { joined: ({ posts }) => chatActions.historyReceived({ room, posts }) },
            ),
          ),
        ),
      ),
    ),
  { functional: true },
)
