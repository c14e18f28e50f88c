import { type Socket } from 'node:net'

/**
 * Ends a connection with RST alone. Node's own `resetAndDestroy` ends the stream before, so that the other side may see
 * an orderly end; the flag that it sets for the destruction is used here without that.
 */
export const reset = (socket: Socket): void => {
  if (!socket.connecting) Object.assign(socket, { resetAndClosing: true })
  socket.destroy()
}
