import { inject } from '@angular/core'
import { patchState, signalStore, withComputed, withMethods, withProps, withState } from '@ngrx/signals'
import { rxMethod } from '@ngrx/signals/rxjs-interop'
import { withChannel, withLiveState } from 'rx-phoenix/ngrx'
import { catchError, EMPTY, mergeMap, pipe } from 'rxjs'
import { type Todo } from '../../../shared/contract.ts'
import { Session } from '../session.ts'

/** A todo that is shown before the server has it, or as the server does not have it yet. */
interface ShownTodo extends Todo {
  readonly pending?: true
}

interface Change {
  readonly name: string
  readonly detail: object
  readonly shown: (todos: readonly ShownTodo[]) => readonly ShownTodo[]
}

/** The list that everybody shares. A change is seen immediately, and taken back if it cannot be sent. */
export const TodoStore = signalStore(
  { providedIn: 'root' },
  withState({ notSaved: false }),
  withProps(() => ({ _session: inject(Session) })),
  withChannel({ topic: ({ _session }) => (_session.signedIn() ? 'todos' : undefined) }),
  withLiveState<{ readonly todos: readonly ShownTodo[] }>({ dialect: 'live-state' }),
  withComputed(({ liveState }) => ({
    todos: () => liveState()?.todos ?? [],
    done: () => liveState()?.todos.filter(({ done }) => done).length ?? 0,
    isComing: () => liveState() === undefined,
  })),
  withMethods((store) => ({
    _change: rxMethod<Change>(
      pipe(
        mergeMap(({ name, detail, shown }) => {
          patchState(store, { notSaved: false })
          return store
            .dispatch(name, detail, ({ todos }) => ({ todos: shown(todos) }))
            .pipe(
              catchError(() => {
                patchState(store, { notSaved: true })
                return EMPTY
              }),
            )
        }),
      ),
    ),
  })),
  withMethods(({ _change, _session }) => ({
    add: (text: string): void => {
      const todo: ShownTodo = {
        id: crypto.randomUUID(),
        text,
        done: false,
        by: _session.author().name,
        pending: true,
      }
      _change({ name: 'add', detail: { text }, shown: (todos) => [...todos, todo] })
    },
    toggle: (id: string): void => {
      const shown = (todo: ShownTodo): ShownTodo =>
        todo.id === id ? { ...todo, done: !todo.done, pending: true } : todo
      _change({ name: 'toggle', detail: { id }, shown: (todos) => todos.map(shown) })
    },
    clearDone: (): void => {
      _change({ name: 'clear_done', detail: {}, shown: (todos) => todos.filter(({ done }) => !done) })
    },
  })),
)
