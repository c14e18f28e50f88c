import { createActionGroup, createFeature, createReducer, createSelector, on, props } from '@ngrx/store'
import { type Presence, type PresenceMeta } from 'rx-phoenix'
import { type Author, type Whereabouts } from '../../../shared/contract.ts'
import { chatFeature } from '../chat/chat.feature.ts'

/** An entry of the lobby's presence, as server/lobby.ts tracks it. */
export interface PersonPresence extends Presence {
  readonly metas: readonly (PresenceMeta & Whereabouts & { readonly name: string })[]
}

export interface Person extends Author, Whereabouts {}

export const peopleActions = createActionGroup({
  source: 'People',
  events: { Changed: props<{ people: readonly Person[] }>() },
})

export const peopleFeature = createFeature({
  name: 'people',
  reducer: createReducer(
    { people: [] as readonly Person[] },
    on(peopleActions.changed, (_state, { people }) => ({ people })),
  ),
  extraSelectors: ({ selectPeople }) => ({
    selectTypingHere: createSelector(selectPeople, chatFeature.selectSelected, (people, room) =>
      people.filter((person) => person.typing && person.room === room),
    ),
    selectWithRooms: createSelector(selectPeople, chatFeature.selectRooms, (people, rooms) =>
      people.map((person) => ({ ...person, roomName: rooms.find(({ id }) => id === person.room)?.name })),
    ),
  }),
})
