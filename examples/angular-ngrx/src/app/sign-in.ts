import { Component, inject, signal } from '@angular/core'
import { Session } from './session.ts'

@Component({
  selector: 'ember-sign-in',
  host: { role: 'main' },
  template: `
    <form (submit)="enter($event)">
      <img src="flame.svg" alt="" width="56" height="56" />
      <h1>Ember</h1>
      <p>Rooms to talk in, and one list to get things done.</p>
      <label>
        <span>Your name</span>
        <input
          name="name"
          autocomplete="nickname"
          maxlength="24"
          placeholder="Ann"
          [value]="name()"
          (input)="name.set($any($event.target).value)"
        />
      </label>
      <button type="submit" [disabled]="name().trim() === ''">Come in</button>
    </form>
  `,
  styles: `
    :host {
      display: grid;
      place-items: center;
      min-height: 100dvh;
      padding: 24px;
      background: radial-gradient(60% 50% at 50% 0%, light-dark(#ffe0cb, #3a1c17), transparent);
    }
    form {
      width: min(380px, 100%);
      padding: 40px 32px 32px;
      border-radius: 28px;
      background: var(--surface);
      box-shadow: var(--shadow);
      text-align: center;
    }
    h1 {
      font-size: 30px;
      line-height: 1.2;
      letter-spacing: -0.03em;
      margin-top: 12px;
    }
    p {
      color: var(--muted);
      margin-top: 6px;
      text-wrap: balance;
    }
    label {
      display: block;
      margin-top: 28px;
      text-align: left;
    }
    span {
      display: block;
      margin-bottom: 6px;
      font-size: 13px;
      font-weight: 600;
    }
    input {
      width: 100%;
      height: 46px;
      padding: 0 14px;
      border: 1px solid var(--line);
      border-radius: 14px;
      background: var(--page);
      font-size: 16px;
    }
    input::placeholder {
      color: var(--muted);
      opacity: 1;
    }
    button {
      width: 100%;
      height: 46px;
      margin-top: 14px;
      border: 0;
      border-radius: 14px;
      background: var(--accent);
      color: var(--on-accent);
      font-weight: 700;
      cursor: pointer;
    }
    button:disabled {
      background: var(--sunken);
      color: var(--muted);
      cursor: default;
    }
  `,
})
export class SignIn {
  readonly #session = inject(Session)
  protected readonly name = signal('')

  protected enter(event: Event): void {
    event.preventDefault()
    const name = this.name().trim()
    if (name !== '') this.#session.signIn(name)
  }
}
