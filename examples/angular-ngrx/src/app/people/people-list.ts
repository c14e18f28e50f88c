import { Component, inject } from '@angular/core'
import { Session } from '../session.ts'
import { Avatar } from '../ui/avatar.ts'
import { LobbyStore } from './lobby.store.ts'

@Component({
  selector: 'ember-people-list',
  imports: [Avatar],
  template: `
    <ul>
      @for (person of people(); track person.id) {
        <li [attr.data-name]="person.name">
          <ember-avatar [name]="person.name" />
          <div>
            <p class="name">
              {{ person.name }}
              @if (person.id === self().id) {
                <span>you</span>
              }
            </p>
            <p class="where">
              @if (person.typing) {
                typing …
              } @else if (person.roomName) {
                in {{ person.roomName }}
              } @else {
                just came in
              }
            </p>
          </div>
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: flex;
      flex-direction: column;
      gap: 2px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 12px;
      padding: 7px 12px;
    }
    div {
      min-width: 0;
    }
    .name {
      font-weight: 600;
      line-height: 1.3;
      overflow-wrap: anywhere;
    }
    .name span {
      margin-left: 4px;
      padding: 0 7px;
      border-radius: 999px;
      background: var(--sunken);
      color: var(--muted);
      font-size: 12px;
      font-weight: 500;
    }
    .where {
      color: var(--muted);
      font-size: 13px;
      line-height: 1.3;
    }
  `,
})
export class PeopleList {
  protected readonly people = inject(LobbyStore).people
  protected readonly self = inject(Session).author
}
