import { Component, inject, signal } from '@angular/core'
import { Store } from '@ngrx/store'
import { chatFeature } from './chat/chat.feature.ts'
import { Composer } from './chat/composer.ts'
import { Messages } from './chat/messages.ts'
import { RoomList } from './chat/room-list.ts'
import { ConnectionBar } from './connection/connection-bar.ts'
import { PeopleList } from './people/people-list.ts'
import { LobbyStore } from './people/lobby.store.ts'
import { Session } from './session.ts'
import { SignIn } from './sign-in.ts'
import { TodoListView } from './todos/todo-list.ts'

/**
 * Three panes side by side, or on a phone one at a time. The chat is deferred, so that the page does not wait for the outbox and
 * its database.
 */
@Component({
  selector: 'ember-app',
  imports: [Composer, ConnectionBar, Messages, PeopleList, RoomList, SignIn, TodoListView],
  template: `
    @if (session.signedIn()) {
      <main class="frame" [attr.data-pane]="pane()">
        <header class="top">
          <div class="brand">
            <img src="flame.svg" alt="" width="28" height="28" />
            <h1>Ember</h1>
          </div>
          <ember-connection-bar />
        </header>
        <nav class="rooms" aria-label="Rooms">
          <h2 class="label">Rooms</h2>
          <ember-room-list (chosen)="pane.set('chat')" />
        </nav>
        <section class="people" aria-label="People">
          <h2 class="label">
            Here now <span>{{ people().length }}</span>
          </h2>
          <ember-people-list />
        </section>
        <section class="chat" aria-label="Chat">
          @if (room(); as room) {
            <header class="about">
              <h2>{{ room.name }}</h2>
              <p>{{ room.about }}</p>
            </header>
          }
          @defer (on immediate) {
            <ember-messages />
            <ember-composer />
          }
        </section>
        <section class="todos" aria-label="To do"><ember-todo-list /></section>
        <nav class="tabs" aria-label="Views">
          @for (tab of tabs; track tab.pane) {
            <button type="button" [attr.aria-current]="pane() === tab.pane" (click)="pane.set(tab.pane)">
              <svg
                viewBox="0 0 24 24"
                width="22"
                height="22"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                stroke-linecap="round"
                stroke-linejoin="round"
                aria-hidden="true"
              >
                <path [attr.d]="tab.icon" />
              </svg>
              {{ tab.name }}
            </button>
          }
        </nav>
      </main>
    } @else {
      <ember-sign-in />
    }
  `,
  styleUrl: './app.css',
})
export class App {
  protected readonly session = inject(Session)
  protected readonly room = inject(Store).selectSignal(chatFeature.selectCurrentRoom)
  protected readonly people = inject(LobbyStore).people
  protected readonly pane = signal<'chat' | 'people' | 'todos'>('chat')
  protected readonly tabs = [
    { pane: 'chat', name: 'Chat', icon: 'M21 12a8 8 0 0 1-8 8H4l2-3.500A8 8 0 1 1 21 12Z' },
    {
      pane: 'people',
      name: 'People',
      icon: 'M16 20v-1a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4v1M9.500 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM21 20v-1a4 4 0 0 0-3-3.870M16 4.130a3.500 3.500 0 0 1 0 6.740',
    },
    {
      pane: 'todos',
      name: 'To do',
      icon: 'M9 11l3 3 8-8M20 12v6a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h9',
    },
  ] as const
}
