import { inject } from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import { Actions, createEffect, ofType } from '@ngrx/effects'
import { type Action } from '@ngrx/store'
import { optimistic } from 'rx-phoenix/live-state'
import { catchError, filter, map, merge, mergeMap, type Observable, of, switchMap } from 'rxjs'
import { Channels } from '../channels.ts'
import { Session } from '../session.ts'
import { type ShownTodo, todosActions } from './todos.feature.ts'

export const todos$ = createEffect(
  (channels = inject(Channels), session = inject(Session)) =>
    toObservable(session.signedIn).pipe(
      filter(Boolean),
      switchMap(() =>
        merge(
          channels.todos.select('todos').pipe(map((todos) => todosActions.changed({ todos }))),
          channels.todos.status$.pipe(map((status) => todosActions.statusChanged({ status }))),
        ),
      ),
    ),
  { functional: true },
)

/** Each change is seen at once, and taken back if it cannot be sent; the server's next version has the last word. */
export const changes$ = createEffect(
  (actions$ = inject(Actions), { todos: list } = inject(Channels), session = inject(Session)) => {
    const change = (
      name: string,
      detail: object,
      shown: (todos: readonly ShownTodo[]) => readonly ShownTodo[],
    ): Observable<Action> =>
      list.dispatch(name, detail).pipe(
        optimistic(list, ({ todos }) => ({ todos: shown(todos) })),
        catchError(() => of(todosActions.notSaved({ what: name }))),
      )

    return actions$.pipe(
      ofType(todosActions.added, todosActions.toggled, todosActions.doneCleared),
      mergeMap((action) => {
        switch (action.type) {
          case todosActions.added.type: {
            const { text } = action
            const todo: ShownTodo = {
              id: crypto.randomUUID(),
              text,
              done: false,
              by: session.author().name,
              pending: true,
            }
            return change('add', { text }, (todos) => [...todos, todo])
          }
          case todosActions.toggled.type: {
            const { id } = action
            return change('toggle', { id }, (todos) =>
              todos.map((todo) => (todo.id === id ? { ...todo, done: !todo.done, pending: true } : todo)),
            )
          }
          case todosActions.doneCleared.type:
            return change('clear_done', {}, (todos) => todos.filter(({ done }) => !done))
        }
      }),
    )
  },
  { functional: true },
)
