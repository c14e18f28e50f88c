import { Component, inject, signal } from '@angular/core'
import { TodoStore } from './todo.store.ts'

@Component({
  selector: 'ember-todo-list',
  template: `
    <header>
      <h2>To do</h2>
      <span class="count">{{ list.done() }} of {{ list.todos().length }} done</span>
    </header>
    <div class="meter" aria-hidden="true">
      <span [style.width.%]="list.todos().length ? (100 * list.done()) / list.todos().length : 0"></span>
    </div>
    <ul>
      @for (todo of list.todos(); track todo.id) {
        <li [class.done]="todo.done" [class.pending]="todo.pending" [attr.data-text]="todo.text">
          <label>
            <input type="checkbox" [checked]="todo.done" (change)="list.toggle(todo.id)" />
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
          {{ list.isComing() ? 'The list is on its way …' : 'Nothing to do. Add the first thing.' }}
        </li>
      }
    </ul>
    @if (list.notSaved()) {
      <p class="problem" role="alert">That could not be saved, so it was taken back.</p>
    }
    @if (list.error()) {
      <p class="problem" role="alert">
        The list could not be loaded.
        <button type="button" class="again" (click)="list.rejoin()">Try again</button>
      </p>
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
    @if (list.done() > 0) {
      <button type="button" class="clear" (click)="list.clearDone()">Clear what is done</button>
    }
    @if (list.status() === 'reloading') {
      <p class="stale" role="status">As it was when the connection was lost</p>
    }
  `,
  styleUrl: './todo-list.css',
})
export class TodoListView {
  protected readonly list = inject(TodoStore)
  protected readonly text = signal('')

  protected add(event: Event): void {
    event.preventDefault()
    const text = this.text().trim()
    if (text === '') return
    this.list.add(text)
    this.text.set('')
    ;(event.target as HTMLFormElement).reset() // immediately, not at the next rendering
  }
}
