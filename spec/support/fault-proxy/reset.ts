import { type Socket } from 'node:net'

/**
 * Ends a connection with RST alone. Node's own `resetAndDestroy` ends the stream before, so that the other side may see
 * an orderly end; the flag that it sets for the destruction is used here without that.
 *
 * While an orderly end is under way libuv refuses a reset (EINVAL), and Node 20 then takes the handle for closed that it
 * has not closed: it would stay, and keep the process from ending. Such a connection is destroyed instead.
 */
export const reset = (socket: Socket): void => {
  const ending = socket.writableEnded && !socket.writableFinished
  if (!socket.connecting && !ending) Object.assign(socket, { resetAndClosing: true })
  socket.destroy()
}
