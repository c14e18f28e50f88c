import { inject } from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import { Actions, createEffect, ofType } from '@ngrx/effects'
import { Store } from '@ngrx/store'
import { toEither } from 'rx-phoenix'
import { concat, distinctUntilChanged, filter, map, merge, of, switchMap, timer } from 'rxjs'
import { Channels } from '../channels.ts'
import { chatActions, chatFeature } from '../chat/chat.feature.ts'
import { Session } from '../session.ts'
import { peopleActions, type Person } from './people.feature.ts'

const STILL_TYPING_MS = 2_500

export const people$ = createEffect(
  (channels = inject(Channels), session = inject(Session)) =>
    toObservable(session.signedIn).pipe(
      filter(Boolean),
      switchMap(() =>
        channels.people.list((id, { metas }): Person => {
          const { name = '', room = '', typing = false } = metas.at(-1) ?? {}
          return { id, name, room, typing }
        }),
      ),
      map((people) => [...people].sort((a, b) => a.name.localeCompare(b.name))),
      map((people) => peopleActions.changed({ people })),
    ),
  { functional: true },
)

/** Tells the lobby where we are and whether we type; not typing for a while is not typing. */
export const whereabouts$ = createEffect(
  (actions$ = inject(Actions), store = inject(Store), channels = inject(Channels)) =>
    merge(
      store.select(chatFeature.selectSelected).pipe(map((room) => ({ room, typing: false }))),
      actions$.pipe(
        ofType(chatActions.typed, chatActions.written),
        map(({ type, room }) => ({ room, typing: type === chatActions.typed.type })),
      ),
    ).pipe(
      filter(({ room }) => room !== ''),
      switchMap((at) =>
        at.typing
          ? concat(of(at), timer(STILL_TYPING_MS).pipe(map(() => ({ ...at, typing: false }))))
          : of(at),
      ),
      distinctUntilChanged((a, b) => a.room === b.room && a.typing === b.typing),
      // Of what waits for the connection only the last is worth telling.
      switchMap((at) => toEither(channels.lobby.push('at', at))),
    ),
  { functional: true, dispatch: false },
)
