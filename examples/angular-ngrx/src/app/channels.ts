import { inject, Injectable } from '@angular/core'
import { Store } from '@ngrx/store'
import { type Channel, presence } from 'rx-phoenix'
import { injectChannel, injectPhoenixSocket } from 'rx-phoenix/angular'
import { liveState } from 'rx-phoenix/live-state'
import { type LobbyContract, type RoomContract, type TodoList } from '../../shared/contract.ts'
import { chatFeature } from './chat/chat.feature.ts'
import { type PersonPresence } from './people/people.feature.ts'

/** The topics of the application. None is joined until an effect subscribes. */
@Injectable({ providedIn: 'root' })
export class Channels {
  readonly #socket = injectPhoenixSocket()
  readonly #selected = inject(Store).selectSignal(chatFeature.selectSelected)

  readonly lobby: Channel<LobbyContract> = injectChannel('lobby', {
    // Asked at each join, so that who comes back is where they were.
    params: () => ({ room: this.#selected(), typing: false }),
  })
  readonly people = presence<PersonPresence>(this.lobby)
  readonly todos = liveState<TodoList>(injectChannel('todos'), { dialect: 'live-state' })

  room(id: string): Channel<RoomContract> {
    return this.#socket.channel<RoomContract>(`room:${id}`)
  }
}
