import {
  createActionGroup,
  createFeature,
  createReducer,
  createSelector,
  emptyProps,
  on,
  props,
} from '@ngrx/store'
import { type LiveStateStatus } from 'rx-phoenix/live-state'
import { type Todo } from '../../../shared/contract.ts'

/** A todo that is shown before the server has it, or as the server does not have it yet. */
export interface ShownTodo extends Todo {
  readonly pending?: true
}

export const todosActions = createActionGroup({
  source: 'Todos',
  events: {
    Changed: props<{ todos: readonly ShownTodo[] }>(),
    'Status Changed': props<{ status: LiveStateStatus }>(),
    Added: props<{ text: string }>(),
    Toggled: props<{ id: string }>(),
    'Done Cleared': emptyProps(),
    'Not Saved': props<{ what: string }>(),
  },
})

interface TodosState {
  readonly todos: readonly ShownTodo[]
  readonly status: LiveStateStatus
  readonly notSaved: string | undefined
}

const initial: TodosState = { todos: [], status: 'loading', notSaved: undefined }

export const todosFeature = createFeature({
  name: 'todos',
  reducer: createReducer(
    initial,
    on(todosActions.changed, (state, { todos }) => ({ ...state, todos })),
    on(todosActions.statusChanged, (state, { status }) => ({ ...state, status })),
    on(todosActions.added, todosActions.toggled, todosActions.doneCleared, (state) => ({
      ...state,
      notSaved: undefined,
    })),
    on(todosActions.notSaved, (state, { what }) => ({ ...state, notSaved: what })),
  ),
  extraSelectors: ({ selectTodos }) => ({
    selectDone: createSelector(selectTodos, (todos) => todos.filter(({ done }) => done).length),
  }),
})
