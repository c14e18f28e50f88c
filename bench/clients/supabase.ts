import { RealtimeClient, type RealtimeChannel, type WebSocketLikeConstructor } from '@supabase/realtime-js'
import { WebSocket } from 'ws'
import { type MakeBenchClient } from './bench-client.ts'

/**
 * Supabase's client, in its own dialect: topics begin with `realtime:`, and every message is a `broadcast` with the user's
 * event inside. It has no push with a response and no bytes, so it takes no part in those rows.
 */
export const supabaseClient: MakeBenchClient = ({ url }) => {
  const socket = new RealtimeClient(url, {
    params: { apikey: 'bench' },
    transport: WebSocket as unknown as WebSocketLikeConstructor,
    vsn: '2.0.0',
    timeout: 120_000,
  })
  const channels: Map<string, RealtimeChannel> = new Map()
  return {
    open: () =>
      new Promise((resolve) => {
        const look = setInterval(() => {
          if (!socket.isConnected()) return
          clearInterval(look)
          resolve()
        }, 5)
        socket.connect()
      }),
    join: (topic, event, heard, joined) => {
      const channel = socket.channel(topic)
      channels.set(topic, channel)
      channel.on('broadcast', { event }, ({ payload }: { payload?: unknown }) => {
        heard(payload)
      })
      channel.subscribe((status: string) => {
        if (status === 'SUBSCRIBED') joined()
      })
    },
    push: () => {
      throw new Error('there is no push with a response')
    },
    send: (topic, event, payload = {}) => {
      void channels.get(topic)?.send({ type: 'broadcast', event, payload })
    },
    close: () => {
      socket.disconnect()
    },
  }
}
