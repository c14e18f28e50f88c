import { Component, inject, signal } from '@angular/core'
import { Store } from '@ngrx/store'
import { LobbyStore } from '../people/lobby.store.ts'
import { chatFeature } from './chat.feature.ts'
import { OutgoingStore } from './outgoing.store.ts'

@Component({
  selector: 'ember-composer',
  template: `
    @if (outgoing.outboxError()) {
      <p class="problem" role="alert">This browser keeps nothing, so messages cannot be sent.</p>
    } @else if (outgoing.notKept(); as body) {
      <p class="problem" role="alert">Not sent, as this browser could not keep it: {{ body }}</p>
    }
    <form (submit)="send($event)">
      <input
        name="message"
        autocomplete="off"
        maxlength="500"
        [placeholder]="'Message ' + (room()?.name ?? '')"
        [attr.aria-label]="'Message ' + (room()?.name ?? '')"
        [disabled]="!room()"
        [value]="text()"
        (input)="type($any($event.target).value)"
      />
      <button type="submit" aria-label="Send" [disabled]="text().trim() === ''">
        <svg
          aria-hidden="true"
          viewBox="0 0 24 24"
          width="20"
          height="20"
          fill="none"
          stroke="currentColor"
          stroke-width="2.2"
          stroke-linecap="round"
          stroke-linejoin="round"
        >
          <path d="M12 19V5M5 12l7-7 7 7" />
        </svg>
      </button>
    </form>
  `,
  styles: `
    form {
      display: flex;
      gap: 8px;
      padding: 0 24px 20px;
    }
    .problem {
      padding: 0 24px 12px;
      color: var(--bad-text);
      font-size: 13px;
      overflow-wrap: anywhere;
    }
    input {
      flex: 1;
      min-width: 0;
      height: 48px;
      padding: 0 18px;
      border: 1px solid var(--line);
      border-radius: 999px;
      background: var(--page);
      font-size: 16px;
    }
    input::placeholder {
      color: var(--muted);
    }
    input:focus-visible {
      outline-offset: -1px;
    }
    button {
      display: grid;
      place-items: center;
      flex: none;
      width: 48px;
      height: 48px;
      border: 0;
      border-radius: 50%;
      background: var(--accent);
      color: var(--on-accent);
      cursor: pointer;
      transition: background 150ms;
    }
    button:disabled {
      background: var(--sunken);
      color: var(--muted);
      cursor: default;
    }
    @media (max-width: 760px) {
      form {
        padding: 0 16px 12px;
      }
    }
  `,
})
export class Composer {
  readonly #store = inject(Store)
  readonly #lobby = inject(LobbyStore)
  protected readonly outgoing = inject(OutgoingStore)
  protected readonly room = this.#store.selectSignal(chatFeature.selectCurrentRoom)
  protected readonly text = signal('')

  protected type(text: string): void {
    this.text.set(text)
    const room = this.room()
    if (room && text !== '') this.#lobby.at({ room: room.id, typing: true })
  }

  protected send(event: Event): void {
    event.preventDefault()
    const [room, body] = [this.room(), this.text().trim()]
    if (!room || body === '') return
    this.outgoing.write({ room: room.id, body })
    this.#lobby.at({ room: room.id, typing: false })
    this.text.set('')
    // Immediately, not at the next rendering: a fast typist would otherwise add to the text that was sent.
    ;(event.target as HTMLFormElement).reset()
  }
}
