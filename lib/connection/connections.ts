import { keptConnection, type KeptConnection } from './kept-connection.ts'
import { wireOf } from './open-connection.ts'
import { type SocketContext } from './socket-context.ts'

/** The connections of a socket: one, or as many as `channelsPerConnection` asks for. */
export interface Connections {
  readonly all: readonly KeptConnection[]
  /** The one whose state the socket shows. */
  readonly first: KeptConnection
  /** A connection with room for one more topic, which has to be added before the next call. */
  withRoom(): KeptConnection
}

export const connections = (context: SocketContext): Connections => {
  const first = keptConnection(context, 1)
  const all = [first]
  return {
    all,
    first,
    withRoom: () => {
      const found = all.find((each) => load(each) < context.settings.channelsPerConnection)
      if (found) return found
      const added = keptConnection(context, all.length + 1)
      all.push(added)
      return added
    },
  }
}

/** How many places are taken: joins, and leaves that the server has not finished. */
const load = ({ topics, state }: KeptConnection): number => topics + (wireOf(state)?.leaves.size ?? 0)
