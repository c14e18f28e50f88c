import { computed, inject } from '@angular/core'
import {
  signalStore,
  type,
  withComputed,
  withFeature,
  withHooks,
  withMethods,
  withProps,
  withState,
} from '@ngrx/signals'
import { rxMethod } from '@ngrx/signals/rxjs-interop'
import { Store } from '@ngrx/store'
import { type Presence, type PresenceMeta, toEither } from 'rx-phoenix'
import { withChannel, withPresence } from 'rx-phoenix/ngrx'
import { concat, distinctUntilChanged, filter, map, of, pipe, switchMap, timer } from 'rxjs'
import { type Author, type LobbyContract, type Room, type Whereabouts } from '../../../shared/contract.ts'
import { chatFeature } from '../chat/chat.feature.ts'
import { Session } from '../session.ts'

/** An entry of the lobby's presence, as server/lobby.ts tracks it. */
interface PersonPresence extends Presence {
  readonly metas: readonly (PresenceMeta & Whereabouts & { readonly name: string })[]
}

export interface Person extends Author, Whereabouts {
  readonly roomName: string | undefined
}

const STILL_TYPING_MS = 2_500

/** The rooms, who is here, in which room, and who types. */
export const LobbyStore = signalStore(
  { providedIn: 'root' },
  withState({ rooms: [] as readonly Room[] }),
  withProps((_store, session = inject(Session), store = inject(Store)) => ({
    _signedIn: session.signedIn,
    _here: store.selectSignal(chatFeature.selectSelected),
  })),
  withFeature(({ _signedIn, _here }) =>
    withChannel({
      topic: () => (_signedIn() ? 'lobby' : undefined),
      contract: type<LobbyContract>(),
      // Called at each join, so that after a reconnect everybody is where they were.
      options: { params: () => ({ room: _here(), typing: false }) },
      joined: (_state: object, { rooms }) => ({ rooms }),
    }),
  ),
  withPresence<PersonPresence>(),
  withComputed(({ presence, rooms }) => ({
    people: (): readonly Person[] =>
      [...presence()]
        .map(([id, { metas }]) => {
          const { name = '', room = '', typing = false } = metas.at(-1) ?? {}
          return { id, name, room, typing, roomName: rooms().find((each) => each.id === room)?.name }
        })
        .sort((a, b) => a.name.localeCompare(b.name)),
  })),
  withComputed(({ people, _here }) => ({
    typingHere: () => people().filter(({ typing, room }) => typing && room === _here()),
  })),
  withMethods(({ push }) => ({
    /** Sends where we are and whether we type, which ends after a while without typing. */
    at: rxMethod<Whereabouts>(
      pipe(
        filter(({ room }) => room !== ''),
        switchMap((at) =>
          at.typing
            ? concat(of(at), timer(STILL_TYPING_MS).pipe(map(() => ({ ...at, typing: false }))))
            : of(at),
        ),
        distinctUntilChanged((a, b) => a.room === b.room && a.typing === b.typing),
        // If there is no connection, only the latest is worth sending when there is one again.
        switchMap((at) => push('at', at).pipe(toEither)),
      ),
    ),
  })),
  withHooks({
    onInit: ({ at, _here }) => {
      at(computed(() => ({ room: _here(), typing: false })))
    },
  }),
)
