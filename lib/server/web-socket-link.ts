import { type Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { type Link } from './link.ts'
import { heldDelay } from '../protocol/max-delay.ts'

/**
 * The WebSocket class of the server. `ws` answers a close frame with the code that it got; a Phoenix server answers
 * 1000 whatever the code (recording `client_close`).
 */
export class AnsweringWebSocket extends WebSocket {
  /** Called when the server has begun to close. */
  closing: () => void = () => undefined

  override close(code?: number, reason?: string | Buffer): void {
    // `ws` itself calls this to answer: with the client's code and reason, or with neither; our own calls, and those
    // of `ws` for broken frames, give a code alone.
    const answering = code === undefined || reason !== undefined
    super.close(answering ? 1000 : code)
    if (!answering) this.closing()
  }
}

/** Bytes below which a link counts as drained. */
const DRAINED_BYTES = 64 * 1024

interface LinkEvents {
  readonly idleTimeoutMs: number
  readonly message: (frame: string | Uint8Array) => void
  readonly closed: () => void
}

/** A link over an open WebSocket; `raw` is the TCP connection below. */
export const webSocketLink = (ws: AnsweringWebSocket, raw: Duplex, events: LinkEvents): Link => {
  let waiters: (() => void)[] = []
  const release = (): void => {
    const released = waiters
    waiters = []
    for (const resolve of released) resolve()
  }
  /** Ends the server's half behind its close frame, as Phoenix does, unless frames still wait to be compressed. */
  const endBehindClose = (): void => {
    if (ws.readyState === WebSocket.CLOSING && ws.bufferedAmount <= raw.writableLength) raw.end()
  }
  ws.closing = endBehindClose
  const written = (): void => {
    if (waiters.length > 0 && ws.bufferedAmount <= DRAINED_BYTES) release()
    endBehindClose()
  }

  const idle = setTimeout(() => {
    // A client that we do not read from is not silent; it may be us who are slow.
    if (ws.isPaused) idle.refresh()
    else ws.close(1002)
  }, heldDelay(events.idleTimeoutMs))
  const heard = (): void => {
    idle.refresh()
  }

  ws.on('message', (data: Buffer, isBinary: boolean) => {
    heard()
    events.message(isBinary ? data : data.toString('utf8'))
  })
  ws.on('ping', heard)
  ws.on('pong', heard)
  ws.on('error', () => {
    // a broken frame or connection; the close event follows
  })
  ws.on('close', () => {
    clearTimeout(idle)
    release()
    events.closed()
  })

  return {
    send: ({ bytes, binary }) => {
      if (ws.readyState === WebSocket.OPEN) ws.send(bytes, { binary }, written)
    },
    close: (code) => {
      clearTimeout(idle)
      ws.resume() // or the answer of the client would not be read
      ws.close(code)
    },
    kill: () => {
      ws.terminate()
    },
    pause: () => {
      ws.pause()
    },
    resume: () => {
      ws.resume()
    },
    bufferedBytes: () => ws.bufferedAmount,
    drained: () =>
      ws.bufferedAmount <= DRAINED_BYTES || ws.readyState === WebSocket.CLOSED
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.push(resolve)
          }),
  }
}
