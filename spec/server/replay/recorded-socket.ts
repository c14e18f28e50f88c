import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { type Bindings, sameJson } from './same-json.ts'
import { type Line } from './recording.ts'
import { binaryFrame, pongFrame, type ServerFrame, textFrame } from './server-frame.ts'

/** A connection that sends what a recording says and compares what comes. */
export interface RecordedSocket {
  readonly headers: IncomingHttpHeaders
  send(line: Line): void
  /** Resolves when the frame has come; rejects with what came instead. */
  expect(line: Line): Promise<void>
  /** Resolves with the close code. */
  closed(): Promise<number>
  /** Frames that came and were not expected. */
  rest(): readonly unknown[]
  end(): void
}

const WAIT_MS = 4_000

export const recordedSocket = async (
  url: string,
  line: Line,
  vsn: string,
  bindings: Bindings,
  perMessageDeflate: boolean,
): Promise<RecordedSocket> => {
  const protocols = line['sec-websocket-protocol']?.split(', ') ?? []
  const origin = url.includes('/socket_strict') ? { origin: 'http://good.example' } : {}
  const ws = new WebSocket(url, protocols, { ...origin, perMessageDeflate })
  const frames: ServerFrame[] = []
  let arrived = (): void => undefined
  const came = (frame: ServerFrame): void => {
    frames.push(frame)
    arrived()
  }
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    came(isBinary ? binaryFrame(data.toString('base64')) : textFrame(data.toString('utf8'), vsn))
  })
  ws.on('pong', (data) => {
    came(pongFrame(data.toString('base64')))
  })
  ws.on('error', () => undefined)
  const closing: Promise<number> = new Promise((resolve) => {
    ws.on('close', (code) => {
      arrived()
      resolve(code)
    })
  })
  let headers: IncomingHttpHeaders = {}
  ws.once('upgrade', (response: IncomingMessage) => {
    headers = response.headers
  })
  await once(ws, 'open')

  const take = (expected: ServerFrame): boolean => {
    const i = frames.findIndex(({ source }) => source === expected.source)
    const frame = frames[i]
    if (!frame) return false
    if (!sameJson(expected.value, frame.value, bindings))
      throw new Error(`expected ${JSON.stringify(expected.value)}\n     came ${JSON.stringify(frame.value)}`)
    frames.splice(i, 1)
    return true
  }

  const next = (expected: ServerFrame): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`${JSON.stringify(expected.value)} did not come; came ${JSON.stringify(frames)}`))
      }, WAIT_MS)
      arrived = () => {
        clearTimeout(late)
        resolve()
      }
    })

  return {
    headers,
    send: ({ opcode, text = '', base64 = '', code, reason }) => {
      if (opcode === 'close') ws.close(code, reason)
      else if (opcode === 'ping') ws.ping(Buffer.from(base64, 'base64'))
      else if (base64 === '') ws.send(opcode === 'binary' ? Buffer.alloc(0) : text)
      else ws.send(Buffer.from(base64, 'base64'), { binary: opcode === 'binary' })
    },
    expect: async ({ opcode, text = '', base64 = '' }) => {
      const expected =
        opcode === 'text' ? textFrame(text, vsn) : opcode === 'pong' ? pongFrame(base64) : binaryFrame(base64)
      while (!take(expected)) {
        if (ws.readyState === WebSocket.CLOSED)
          throw new Error(`closed before ${JSON.stringify(expected.value)}`)
        await next(expected)
      }
    },
    closed: () => closing,
    rest: () => frames.map(({ value }) => value),
    end: () => {
      ws.terminate()
    },
  }
}
