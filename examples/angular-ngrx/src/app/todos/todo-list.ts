import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core'
import { Store } from '@ngrx/store'
import { todosActions, todosFeature } from './todos.feature.ts'

@Component({
  selector: 'ember-todo-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h2>To do</h2>
      <span class="count">{{ done() }} of {{ todos().length }} done</span>
    </header>
    <div class="meter" aria-hidden="true">
      <span [style.width.%]="todos().length ? (100 * done()) / todos().length : 0"></span>
    </div>
    <ul>
      @for (todo of todos(); track todo.id) {
        <li [class.done]="todo.done" [class.pending]="todo.pending" [attr.data-text]="todo.text">
          <label>
            <input type="checkbox" [checked]="todo.done" (change)="toggle(todo.id)" />
            <span class="box"
              ><svg
                aria-hidden="true"
                viewBox="0 0 24 24"
                fill="none"
                stroke="currentColor"
                stroke-width="3.4"
                stroke-linecap="round"
                stroke-linejoin="round"
              >
                <path d="M5 12.5l4.500 4.500L19 7.500" /></svg
            ></span>
            <span class="text"
              >{{ todo.text }}<small>{{ todo.pending ? 'saving …' : todo.by }}</small></span
            >
          </label>
        </li>
      } @empty {
        <li class="none">
          {{ status() === 'loading' ? 'The list is on its way …' : 'Nothing to do. Add the first thing.' }}
        </li>
      }
    </ul>
    @if (notSaved()) {
      <p class="problem" role="alert">That could not be saved, so it was taken back.</p>
    }
    <form (submit)="add($event)">
      <input
        name="todo"
        autocomplete="off"
        maxlength="120"
        placeholder="Add something"
        aria-label="Add something to do"
        [value]="text()"
        (input)="text.set($any($event.target).value)"
      />
      <button type="submit" [disabled]="text().trim() === ''">Add</button>
    </form>
    @if (done() > 0) {
      <button type="button" class="clear" (click)="clear()">Clear what is done</button>
    }
    @if (status() === 'stale') {
      <p class="stale" role="status">As it was when the connection was lost</p>
    }
  `,
  styleUrl: './todo-list.css',
})
export class TodoListView {
  readonly #store = inject(Store)
  protected readonly todos = this.#store.selectSignal(todosFeature.selectTodos)
  protected readonly done = this.#store.selectSignal(todosFeature.selectDone)
  protected readonly status = this.#store.selectSignal(todosFeature.selectStatus)
  protected readonly notSaved = this.#store.selectSignal(todosFeature.selectNotSaved)
  protected readonly text = signal('')

  protected add(event: Event): void {
    event.preventDefault()
    const text = this.text().trim()
    if (text === '') return
    this.#store.dispatch(todosActions.added({ text }))
    this.text.set('')
    ;(event.target as HTMLFormElement).reset() // at once, not at the next rendering
  }

  protected toggle(id: string): void {
    this.#store.dispatch(todosActions.toggled({ id }))
  }

  protected clear(): void {
    this.#store.dispatch(todosActions.doneCleared())
  }
}
