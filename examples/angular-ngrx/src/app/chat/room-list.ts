import { Component, inject, output } from '@angular/core'
import { Store } from '@ngrx/store'
import { chatActions, chatFeature } from './chat.feature.ts'

@Component({
  selector: 'ember-room-list',
  template: `
    <ul>
      @for (room of rooms(); track room.id) {
        <li>
          <button
            type="button"
            [class.selected]="room.selected"
            [attr.aria-current]="room.selected"
            (click)="select(room.id)"
          >
            <span class="hash">#</span>
            <span class="name">{{ room.name }}</span>
            @if (room.unread > 0) {
              <span class="unread" [attr.aria-label]="room.unread + ' unread'">{{ room.unread }}</span>
            }
          </button>
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
    button {
      display: flex;
      align-items: center;
      gap: 8px;
      width: 100%;
      height: 40px;
      padding: 0 12px;
      border: 0;
      border-radius: 12px;
      background: transparent;
      text-align: left;
      cursor: pointer;
    }
    button:hover {
      background: var(--sunken);
    }
    .selected,
    .selected:hover {
      background: var(--accent-soft);
      color: var(--accent);
      font-weight: 600;
    }
    .hash {
      color: var(--muted);
      font-weight: 400;
    }
    .selected .hash {
      color: inherit;
      opacity: 0.7;
    }
    .name {
      flex: 1;
    }
    .unread {
      min-width: 22px;
      padding: 0 7px;
      border-radius: 999px;
      background: var(--accent);
      color: var(--on-accent);
      font-size: 12px;
      font-weight: 700;
      line-height: 22px;
      text-align: center;
    }
    @media (max-width: 760px) {
      ul {
        flex-direction: row;
        gap: 6px;
        overflow-x: auto;
        scrollbar-width: none;
        padding: 0 16px;
      }
      button {
        height: 34px;
        padding: 0 14px;
        gap: 5px;
        border-radius: 999px;
        background: var(--sunken);
        font-size: 14px;
        white-space: nowrap;
      }
      .unread {
        min-width: 20px;
        line-height: 20px;
        margin-right: -7px;
      }
    }
  `,
})
export class RoomList {
  readonly #store = inject(Store)
  protected readonly rooms = this.#store.selectSignal(chatFeature.selectRoomList)
  readonly chosen = output()

  protected select(room: string): void {
    this.#store.dispatch(chatActions.roomSelected({ room }))
    this.chosen.emit()
  }
}
