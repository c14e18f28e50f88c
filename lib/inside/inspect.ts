import { type PhoenixSocket } from '../phoenix-socket.ts'
import { type SocketSnapshot } from '../connection/snapshot.ts'
import { insideOf } from './inside-of.ts'

/**
 * What is going on in a socket now, as plain data: connections, channels, pushes without a reply, deadlines. It holds
 * nothing secret. Works in every state, and does not connect. Throws `InvalidArgument` if the socket was not made by
 * `phoenixSocket`.
 */
export const inspect = (socket: PhoenixSocket): SocketSnapshot => insideOf(socket).inspect()
