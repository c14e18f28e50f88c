import { firstValueFrom } from 'rxjs'
import {
  browserPause,
  browserWake,
  type Channel,
  longPollTransport,
  phoenixSocket,
  type PhoenixSocket,
} from 'rx-phoenix'

/* The page of the specs in a browser: does what it is asked to through `lab`, and keeps a log of what it sees. */

const log: string[] = []
const looking: Set<() => void> = new Set()

const tell = (entry: string): void => {
  log.push(entry)
  for (const look of looking) look()
}

/** Resolves with the log when an entry has been told so many times. */
const told = (entry: string, times = 1): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (log.filter((each) => each === entry).length < times) return
      looking.delete(look)
      resolve(log)
    }
    looking.add(look)
    look()
  })

interface Asked {
  readonly url: string
  readonly authToken?: string
  readonly longPoll?: boolean
  /** Listens to the life of the page. */
  readonly wake?: boolean
  readonly pause?: boolean
  readonly hiddenForMs?: number
  /** Between attempts. Default: 20. */
  readonly retryMs?: number
}

let socket: PhoenixSocket | undefined
let room: Channel | undefined

const open = ({ url, authToken, longPoll, wake, pause, hiddenForMs, retryMs = 20 }: Asked): void => {
  socket = phoenixSocket(url, {
    reconnect: () => retryMs,
    ...(authToken !== undefined && { authToken }),
    ...(longPoll && { transport: longPollTransport() }),
    ...(wake && { wake: browserWake() }),
    ...(pause && { pause: browserPause(hiddenForMs === undefined ? {} : { hiddenForMs }) }),
  })
  room = socket.channel('room:browser')
  socket.subscribe((state) => {
    tell(state.status === 'waiting' ? `socket waiting ${state.cause._tag}` : `socket ${state.status}`)
  })
  room.subscribe((state) => {
    tell(state.status === 'joined' && state.rejoined ? 'room rejoined' : `room ${state.status}`)
  })
  room.on('broadcasted').subscribe((payload) => {
    tell(`broadcasted ${JSON.stringify(payload)}`)
  })
}

const push = (event: string, payload: unknown): Promise<unknown> => {
  if (!room) throw new Error('open first')
  return firstValueFrom(room.push(event, payload))
}

/** Pushes bytes, and gives those of the reply. */
const pushBytes = async (event: string, bytes: readonly number[]): Promise<readonly number[]> => {
  const reply = await push(event, Uint8Array.from(bytes))
  return reply instanceof ArrayBuffer ? [...new Uint8Array(reply)] : []
}

/** From now on the page says something last, in listeners that were added late. */
const speakLast = (): void => {
  addEventListener('pagehide', () => {
    room?.send('broadcast', { last: 'pagehide' }).subscribe()
  })
  document.addEventListener('visibilitychange', () => {
    room?.send('broadcast', { last: document.visibilityState }).subscribe()
  })
}

/** Whether a WebSocket of the page's own can be opened. */
const canDial = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const ws = new WebSocket(url)
    ws.onopen = () => {
      ws.close()
      resolve(true)
    }
    ws.onerror = () => {
      resolve(false)
    }
  })

for (const type of ['pagehide', 'pageshow'] as const)
  addEventListener(type, ({ persisted }) => {
    tell(persisted ? `${type} persisted` : type)
  })
for (const type of ['online', 'offline'])
  addEventListener(type, () => {
    tell(type)
  })
for (const type of ['freeze', 'resume'])
  document.addEventListener(type, () => {
    tell(type)
  })
document.addEventListener('visibilitychange', () => {
  tell(document.visibilityState)
})
document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
  // Chromium asks for an icon of the page, which is no business of ours.
  if (effectiveDirective !== 'img-src') tell(`violates ${effectiveDirective}`)
})

Object.assign(globalThis, { tell, lab: { log, told, open, push, pushBytes, speakLast, canDial } })
