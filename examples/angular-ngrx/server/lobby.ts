import { channel, ok, presence, type ServerChannel } from 'rx-phoenix/server'
import { type LobbyContract, type Whereabouts } from '../shared/contract.ts'
import { authorOf, field } from './author.ts'
import { rooms } from './rooms.ts'

const whereabouts = (payload: unknown): Whereabouts => {
  const room = field(payload, 'room')
  return {
    room: rooms.some(({ id }) => id === room) ? String(room) : '',
    typing: field(payload, 'typing') === true,
  }
}

/** Who is here, in which room, and who types. */
export const lobbyChannel = () => {
  const people = presence()
  const meta = (of: ServerChannel, at: Whereabouts) => ({ name: authorOf(of).name, ...at })

  return channel<LobbyContract>({
    join: (params, lobby) => {
      lobby.send(whereabouts(params))
      return ok({ rooms })
    },
    handleInfo: (at, lobby) => {
      people.track(lobby, authorOf(lobby).id, meta(lobby, at as Whereabouts))
      people.pushState(lobby)
    },
    handleIn: {
      at: (payload, lobby) => {
        people.update(lobby, authorOf(lobby).id, meta(lobby, whereabouts(payload)))
        return ok()
      },
    },
  })
}
