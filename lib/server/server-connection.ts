import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type ServerSocket } from './server-socket.ts'
import { type SocketProcess } from './socket-process.ts'

/** One open connection, for the code that runs the server. */
export interface ServerConnection {
  readonly socket: ServerSocket
  /** The topics that are joined on it. */
  readonly topics: readonly string[]
  /** Closes it. Code 1012 (default): the server is going away for a moment; 1001: this client is to come back. */
  close(code?: number): void
  /** Cuts it without a close frame, as a broken network does: the client sees 1006. */
  kill(): void
  /** Answers nothing and sends nothing for a time in milliseconds; then everything that has arrived by then is handled. */
  freeze(forMs: number): void
}

export const serverConnection = (process: SocketProcess): ServerConnection => ({
  socket: process.socket,
  topics: process.topics(),
  close: (code = 1012) => {
    if (!Number.isInteger(code) || code < 1000 || code > 4999)
      throw new InvalidArgument('code', code, 'pass a WebSocket close code, such as 1001 or 4000.')
    process.close(code)
  },
  kill: () => {
    process.kill()
  },
  freeze: (forMs) => {
    if (!(forMs > 0)) throw new InvalidArgument('forMs', forMs, 'pass milliseconds, more than 0.')
    process.freeze(forMs)
  },
})
