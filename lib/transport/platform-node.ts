import { DEV } from '../protocol/dev.ts'
import { isAscii, isUtf8 } from 'node:buffer'
import { type Agent, type IncomingMessage } from 'node:http'
import { type Socket } from 'node:net'
import { setImmediate } from 'node:timers'
import { asyncScheduler, Observable, Subscription, type Unsubscribable } from 'rxjs'
import { WebSocket } from 'ws'
import { ConnectionClosed, ConnectionFailed } from '../protocol/connection-error.ts'
import { type Frame } from '../protocol/message.ts'
import { checkHeaders } from './check-headers.ts'
import { NEEDS_SUB_PROTOCOL, openNative } from './native-web-socket.ts'
import { type CheckWebSocketOptions, type OpenWebSocket } from './platform.ts'
import { refusal } from './refusal.ts'
import { type Link } from './transport.ts'

/** How long a server may take to answer our close, or to end TCP after its own, before TCP is cut. Longer would keep Node from ending. */
const CLOSE_TIMEOUT_MS = 800
/** Close code: a text frame is not UTF-8. */
const NOT_UTF8 = 1007

// Kept, since fake timers of tests may replace it later.
const later = setImmediate
/** All frames of one TCP segment come in one task, be it from `ws` or from Node's own class. */
const nextTask = (run: () => void): void => {
  later(run)
}

/** Node honours every option. */
export const checkWebSocketOptions: CheckWebSocketOptions = ({ headers }) => {
  checkHeaders('webSocketTransport.headers', headers)
}

/** Opens a WebSocket of the package `ws`, or of the class in the options. */
export const openWebSocket: OpenWebSocket = (url, protocols, options, scheduler = asyncScheduler) => {
  if (options.WebSocket) return openNative(options.WebSocket, url, protocols, nextTask)
  return new Observable((subscriber) => {
    const ws = new WebSocket(url, protocols, {
      ...options.tls,
      ...(options.headers && { headers: options.headers }),
      ...(options.agent === undefined ? {} : { agent: options.agent as Agent }),
      ...(options.maxPayload === undefined ? {} : { maxPayload: options.maxPayload }),
      perMessageDeflate: options.perMessageDeflate ?? false,
      // textOf does it.
      skipUTF8Validation: true,
    })
    let opened = false
    let failure: Error | undefined
    let tcp: Socket | undefined
    const refused = new Subscription()

    // Begun by us or by the server, whose close frame makes ws call this too; its own limit is 30 s on the clock of Node.
    const close = ws.close.bind(ws)
    let cut: Unsubscribable | undefined
    ws.close = (code, reason) => {
      close(code, reason)
      if (ws.readyState !== ws.CLOSED)
        cut ??= scheduler.schedule(() => {
          ws.terminate()
        }, CLOSE_TIMEOUT_MS)
    }
    ws.on('upgrade', ({ socket }: { readonly socket: Socket | null }) => {
      // Null in Bun, whose `ws` is its own.
      tcp = socket ?? undefined
    })
    ws.on('open', () => {
      opened = true
      subscriber.next({ type: 'open', link: new NodeLink(ws, tcp) })
    })
    ws.on('message', (data: Buffer, isBinary) => {
      const frame = isBinary ? data : textOf(data)
      if (frame !== undefined) subscriber.next({ type: 'frame', frame })
      else {
        // RFC 6455: such a peer has failed, and nothing more of it is read.
        ws.removeAllListeners('message')
        ws.close(NOT_UTF8, 'Invalid UTF-8 in a text frame')
      }
    })
    ws.on('unexpected-response', (request, response: IncomingMessage) => {
      refused.add(() => request.destroy())
      refused.add(
        refusal(response, scheduler).subscribe((cause) => {
          subscriber.error(cause)
        }),
      )
    })
    // Without this listener an error would end the Node process, even one that comes after we have closed.
    ws.on('error', (error) => {
      failure = error
    })
    ws.on('close', (code, reason) => {
      cut?.unsubscribe()
      refused.unsubscribe()
      subscriber.error(
        opened
          ? new ConnectionClosed({ code, reason: reason.toString(), wasClean: code !== 1006 })
          : new ConnectionFailed(DEV && `${failure?.message ?? 'it was closed'}${adviceFor(failure)}`, {
              cause: failure,
            }),
      )
    })
    return () => {
      ws.removeAllListeners('message')
      ws.close(1000)
    }
  })
}

/** A class, since an object literal with getters has a hidden class of its own each time. */
class NodeLink implements Link {
  readonly send: (frame: Frame) => void
  readonly nextTask = nextTask
  private readonly ws: WebSocket
  private readonly tcp: Socket | undefined

  constructor(ws: WebSocket, tcp: Socket | undefined) {
    this.ws = ws
    this.tcp = tcp
    this.send = tcp
      ? sendTogether(ws, tcp)
      : (frame) => {
          ws.send(frame)
        }
  }

  get bufferedAmount(): number {
    return this.ws.bufferedAmount
  }

  get bytesReceived(): number | undefined {
    return this.tcp?.bytesRead
  }
}

const adviceFor = (failure: Error | undefined): string =>
  failure?.message.includes('subprotocol') // in the words of ws
    ? `. ${NEEDS_SUB_PROTOCOL}`
    : '; check the address and that the server runs.'

/** What an async function gives is a Promise of the engine, whatever the global name stands for. */
const settled: Promise<void> = (async () => {
  // Nothing to do.
})()

/**
 * Writes of one turn leave in one system call: the TCP socket is corked at the first write and uncorked when the
 * running piece of code has returned, so that a push that is alone does not wait.
 */
const sendTogether = (ws: WebSocket, tcp: Socket): ((frame: Frame) => void) => {
  let corked = false
  const uncorkSoon = async (): Promise<void> => {
    // Not process.nextTick, which fake timers replace, nor a Promise by name, which some test environments do.
    await settled
    corked = false
    tcp.uncork()
  }
  return (frame) => {
    if (!corked) {
      corked = true
      tcp.cork()
      void uncorkSoon()
    }
    ws.send(frame)
  }
}

/**
 * The text of a frame on Node; undefined if it is not UTF-8.
 *
 * Nearly all frames are ASCII, which is seen at a glance and copied as it is. Where `ws` checks for UTF-8 and Node decodes it, a
 * frame of 1 kB whose payload nobody reads costs up to a fifth more: 0.34 of raw in the benchmark, against 0.27 to 0.31.
 */
const textOf = (bytes: Buffer): string | undefined => {
  if (isAscii(bytes)) return bytes.toString('latin1')
  return isUtf8(bytes) ? bytes.toString() : undefined
}
