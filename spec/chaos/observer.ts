import { once } from 'node:events'
import { WebSocket } from 'ws'

type Wire = readonly [string | null, string | null, string, string, unknown]

/**
 * A client without the library and without a proxy in its way: it sees what the server broadcasts, numbers events of its
 * own, and asks. Nothing that is under test takes part.
 */
export interface Observer {
  /** Pushes and gives the response. */
  ask(topic: string, event: string, payload?: object): Promise<unknown>
  /** Broadcasts the next number on each room. */
  tick(): void
  /** Whether the connection has ended, which ends the run. */
  readonly lost: boolean
  close(): void
}

const HEARTBEAT_MS = 20_000

export const observer = async (
  url: string,
  rooms: readonly string[],
  others: readonly string[],
  onBroadcast: (payload: unknown) => void,
): Promise<Observer> => {
  const ws = new WebSocket(`${url}/socket/websocket?vsn=2.0.0&user_id=observer`)
  await once(ws, 'open')
  const waiting: Map<string, (response: unknown) => void> = new Map()
  const joinRefs: Map<string, string> = new Map()
  let refs = 0
  let n = 0
  ws.on('message', (data: Buffer) => {
    const [, ref, topic, event, payload] = JSON.parse(data.toString()) as Wire
    if (event === 'phx_reply') {
      waiting.get(ref ?? '')?.((payload as { response: unknown }).response)
      waiting.delete(ref ?? '')
    } else if (event === 'broadcasted') onBroadcast(payload)
    else if (event === 'phx_error' || event === 'phx_close')
      throw new Error(`the observer lost ${topic}: ${event}`)
  })
  const send = (topic: string, event: string, payload: object, joinRef: string | null): string => {
    const ref = String(++refs)
    ws.send(JSON.stringify([joinRef ?? (event === 'phx_join' ? ref : null), ref, topic, event, payload]))
    return ref
  }
  const ask = (topic: string, event: string, payload: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      waiting.set(send(topic, event, payload, joinRefs.get(topic) ?? null), resolve)
    })
  for (const topic of [...rooms, ...others]) {
    joinRefs.set(topic, String(refs + 1))
    const joined = ask(topic, 'phx_join')
    await joined
  }
  const beat = setInterval(() => send('phoenix', 'heartbeat', {}, null), HEARTBEAT_MS)
  return {
    ask,
    tick: () => {
      n += 1
      for (const topic of rooms) send(topic, 'broadcast', { n }, joinRefs.get(topic) ?? null)
    },
    get lost() {
      return ws.readyState !== WebSocket.OPEN
    },
    close: () => {
      clearInterval(beat)
      ws.close()
    },
  }
}
