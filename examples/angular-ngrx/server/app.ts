import { join } from 'node:path'
import { accept, type PhoenixServer, phoenixServer, refuse } from 'rx-phoenix/server'
import { journal } from './journal.ts'
import { lobbyChannel } from './lobby.ts'
import { roomChannel } from './room.ts'
import { serveFiles } from './serve-files.ts'
import { todosChannel } from './todos.ts'

export interface AppOptions {
  readonly port: number
  readonly host: string
  /** The file in which posts and todos survive the server. */
  readonly data: string
}

/** The application and its socket, on one port. */
export const startApp = ({ port, host, data }: AppOptions): Promise<PhoenixServer> => {
  const records = journal(data)
  return phoenixServer({
    port,
    host,
    request: serveFiles(join(import.meta.dirname, '../dist/browser')),
    sockets: {
      '/socket': {
        connect: ({ params }) => {
          const { id, name } = params
          const known = typeof id === 'string' && typeof name === 'string' && id !== '' && name.trim() !== ''
          return known ? accept({ author: { id, name: name.trim().slice(0, 24) } }) : refuse()
        },
        channels: {
          lobby: lobbyChannel(),
          'room:*': roomChannel(records),
          todos: todosChannel(records),
        },
      },
    },
  })
}
