import { once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'

/** A client of version 2.0.0 that hides nothing. */
export interface RawClient {
  readonly ws: WebSocket
  /** Sends a message, or a frame as it is. */
  readonly send: (frame: readonly unknown[] | string | Uint8Array) => void
  /** The next frame of the server, parsed if it is text. Rejects if the connection ends before. */
  readonly next: () => Promise<unknown>
  /** The next frames, in order. */
  readonly take: (count: number) => Promise<readonly unknown[]>
  /** Resolves with the close code. */
  readonly closed: Promise<number>
}

export const rawClient = async (
  url: string,
  protocols: readonly string[] = [],
  options: ClientOptions = {},
): Promise<RawClient> => {
  const ws = new WebSocket(url, [...protocols], { perMessageDeflate: false, ...options })
  const frames: unknown[] = []
  let wake = (): void => undefined
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    frames.push(isBinary ? data : (JSON.parse(data.toString('utf8')) as unknown))
    wake()
  })
  ws.on('error', () => undefined)
  const closed: Promise<number> = new Promise((resolve) => {
    ws.on('close', (code) => {
      wake()
      resolve(code)
    })
  })
  await once(ws, 'open')

  const next = async (): Promise<unknown> => {
    while (frames.length === 0) {
      if (ws.readyState === WebSocket.CLOSED) throw new Error('the connection has ended')
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return frames.shift()
  }
  return {
    ws,
    send: (frame) => {
      ws.send(Array.isArray(frame) ? JSON.stringify(frame) : (frame as string | Uint8Array))
    },
    next,
    take: async (count) => {
      const taken: unknown[] = []
      while (taken.length < count) taken.push(await next())
      return taken
    },
    closed,
  }
}

/** A reply of version 2.0.0. */
export const reply = (
  joinRef: string | null,
  ref: string,
  topic: string,
  status: string,
  response: unknown,
): unknown => [joinRef, ref, topic, 'phx_reply', { status, response }]
