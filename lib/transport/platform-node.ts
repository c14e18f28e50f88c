import { DEV } from '../protocol/dev.ts'
import { type Agent, type IncomingMessage } from 'node:http'
import { type Socket } from 'node:net'
import { WebSocket } from 'ws'
import { ConnectionClosed, ConnectionFailed, ConnectionRefused } from '../protocol/connection-error.ts'
import { type Frame } from '../protocol/message.ts'
import { openNative } from './native-web-socket.ts'
import { type CheckWebSocketOptions, type OpenWebSocket } from './platform.ts'
import { retryAfterMs } from './retry-after.ts'
import { textOf } from './text-of.ts'

/** How long a server may take to answer our close before TCP is cut. Longer would keep Node from ending. */
const CLOSE_TIMEOUT_MS = 800
/** Close code: a text frame is not UTF-8. */
const NOT_UTF8 = 1007
const MAX_BODY_CHARACTERS = 1000
/** How long the body of a refusal is waited for; the status is what counts. */
const BODY_TIMEOUT_MS = 500

/** Node honours every option. */
export const checkWebSocketOptions: CheckWebSocketOptions = () => undefined

/** Opens a WebSocket of the package `ws`, or of the class in the options. */
export const openWebSocket: OpenWebSocket = (url, protocols, options, events) => {
  if (options.WebSocket) return openNative(options.WebSocket)(url, protocols, options, events)
  const ws = new WebSocket(url, [...protocols], {
    ...options.tls,
    ...(options.headers && { headers: options.headers }),
    ...(options.agent === undefined ? {} : { agent: options.agent as Agent }),
    ...(options.maxPayload === undefined ? {} : { maxPayload: options.maxPayload }),
    perMessageDeflate: options.perMessageDeflate ?? false,
    // textOf does it.
    skipUTF8Validation: true,
    // Known to ws since 8.19; its types do not have it yet.
    ...({ closeTimeout: CLOSE_TIMEOUT_MS } as object),
  })
  let opened = false
  let failure: Error | undefined
  let tcp: Socket | undefined

  ws.on('upgrade', ({ socket }: { readonly socket: Socket | null }) => {
    // Null in Bun, whose `ws` is its own.
    tcp = socket ?? undefined
  })
  ws.on('open', () => {
    opened = true
    events.opened({
      send:
        tcp === undefined
          ? (frame) => {
              ws.send(frame)
            }
          : sendTogether(ws, tcp),
      get bufferedAmount() {
        return ws.bufferedAmount
      },
    })
  })
  ws.on('message', (data: Buffer, isBinary) => {
    const frame = isBinary ? data : textOf(data)
    if (frame !== undefined) events.frame(frame)
    else {
      // As RFC 6455 has it: such a peer has failed, and nothing more of it is heard.
      ws.removeAllListeners('message')
      ws.close(NOT_UTF8, 'Invalid UTF-8 in a text frame')
    }
  })
  ws.on('unexpected-response', (request, response) => {
    void refusal(response).then((cause) => {
      request.destroy()
      events.ended(cause)
    })
  })
  // Without this listener an error would end the Node process, even one that comes after we have closed.
  ws.on('error', (error) => {
    failure = error
  })
  ws.on('close', (code, reason) => {
    events.ended(
      opened
        ? new ConnectionClosed({ code, reason: reason.toString(), wasClean: code !== 1006 })
        : new ConnectionFailed(
            DEV && `${failure?.message ?? 'it was closed'}; check the address and that the server runs.`,
            { cause: failure },
          ),
    )
  })
  return () => {
    ws.removeAllListeners('message')
    ws.close(1000)
  }
}

/**
 * Writes of one turn leave in one system call: the TCP socket is corked at the first write and uncorked when the
 * running piece of code has returned, so that a push that is alone does not wait.
 */
const sendTogether = (ws: WebSocket, tcp: Socket): ((frame: Frame) => void) => {
  let corked = false
  const uncork = (): void => {
    corked = false
    tcp.uncork()
  }
  return (frame) => {
    if (!corked) {
      corked = true
      tcp.cork()
      process.nextTick(uncork)
    }
    ws.send(frame)
  }
}

const refusal = async (response: IncomingMessage): Promise<ConnectionRefused> => {
  let body = ''
  response.setEncoding('utf8')
  const enough = setTimeout(() => {
    response.destroy()
  }, BODY_TIMEOUT_MS)
  try {
    for await (const chunk of response) {
      body += chunk as string
      if (body.length >= MAX_BODY_CHARACTERS) break
    }
  } catch {
    // The connection went away while the body was read, or the body does not end: the status has to do.
  } finally {
    clearTimeout(enough)
  }
  return new ConnectionRefused({
    status: response.statusCode ?? 0,
    body: body === '' ? undefined : body.slice(0, MAX_BODY_CHARACTERS),
    retryAfterMs: retryAfterMs(response.headers['retry-after']),
  })
}
