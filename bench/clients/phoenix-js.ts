import { type Channel, Socket } from 'phoenix'
import { WebSocket } from 'ws'
import { type MakeBenchClient } from './bench-client.ts'

const PATIENCE_MS = 120_000

/** Phoenix's own client, as its guide says. */
export const phoenixJsClient: MakeBenchClient = ({ url }) => {
  const socket = new Socket(url, { transport: WebSocket, vsn: '2.0.0' })
  const channels: Map<string, Channel> = new Map()
  return {
    open: () =>
      new Promise((resolve) => {
        socket.onOpen(resolve)
        socket.connect()
      }),
    join: (topic, event, heard, joined) => {
      const channel = socket.channel(topic)
      channels.set(topic, channel)
      channel.on(event, heard)
      // Hooks of the join run at each rejoin too.
      channel.join(PATIENCE_MS).receive('ok', joined)
    },
    push: (topic, event, payload, replied) => {
      channels
        .get(topic)
        ?.push(event, payload as object, PATIENCE_MS)
        .receive('ok', replied)
    },
    send: (topic, event, payload = {}) => {
      channels.get(topic)?.push(event, payload as object)
    },
    close: () => {
      socket.disconnect()
    },
  }
}
