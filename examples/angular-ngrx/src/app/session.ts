import { computed, Injectable, signal } from '@angular/core'
import { type Author } from '../../shared/contract.ts'

const NAME = 'ember name'
const ID = 'ember id'

/** The person at this tab; another tab is another person. */
@Injectable({ providedIn: 'root' })
export class Session {
  readonly #name = signal(sessionStorage.getItem(NAME) ?? '')
  readonly #id = sessionStorage.getItem(ID) ?? crypto.randomUUID()

  readonly signedIn = computed(() => this.#name() !== '')
  readonly author = computed((): Author => ({ id: this.#id, name: this.#name() }))

  signIn(name: string): void {
    sessionStorage.setItem(NAME, name)
    sessionStorage.setItem(ID, this.#id)
    this.#name.set(name)
  }
}
