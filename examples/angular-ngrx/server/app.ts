import { resolve } from 'node:path'
import { accept, type PhoenixServer, phoenixServer, refuse } from 'rx-phoenix/server'
import { journal } from './journal.ts'
import { lobbyChannel } from './lobby.ts'
import { postBoard } from './post-board.ts'
import { postsChannel } from './posts.ts'
import { roomChannel } from './room.ts'
import { serveFiles } from './serve-files.ts'
import { todosChannel } from './todos.ts'

export interface AppOptions {
  readonly port: number
  readonly host: string
  /** The folder of the built application. */
  readonly files: string
  /** The file in which posts and todos survive the server. */
  readonly data: string
}

/** The application and its socket, on one port. */
export const startApp = ({ port, host, files, data }: AppOptions): Promise<PhoenixServer> => {
  const records = journal(data)
  const board = postBoard(records)
  return phoenixServer({
    port,
    host,
    request: serveFiles(resolve(files)),
    sockets: {
      '/socket': {
        connect: ({ params }) => {
          const { id, name } = params
          const known = typeof id === 'string' && typeof name === 'string' && id !== '' && name.trim() !== ''
          return known ? accept({ author: { id, name: name.trim().slice(0, 24) } }) : refuse()
        },
        channels: {
          lobby: lobbyChannel(),
          'room:*': roomChannel(board),
          posts: postsChannel(board),
          todos: todosChannel(records),
        },
      },
    },
  })
}
