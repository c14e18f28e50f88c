import { DEV } from '../protocol/dev.ts'
import { Observable } from 'rxjs'
import { ConnectionClosed, ConnectionFailed } from '../protocol/connection-error.ts'
import { type WebSocketConstructor } from './platform.ts'
import { type Link, type LinkEvent } from './transport.ts'

/** Advice for a handshake that may have failed because no sub-protocol was accepted: every WebSocket client then refuses it. */
export const NEEDS_SUB_PROTOCOL =
  'With an authToken the socket needs `auth_token: true` in endpoint.ex, and proxies must pass the header sec-websocket-protocol on.'

/** Opens a WebSocket of a class that has the shape of the browser's. */
export const openNative = (
  Constructor: WebSocketConstructor,
  url: string,
  protocols: string[],
  nextTask?: Link['nextTask'],
): Observable<LinkEvent> =>
  new Observable((subscriber) => {
    const ws = new Constructor(url, protocols)
    ws.binaryType = 'arraybuffer'
    let opened = false
    const failed = (code: number): void => {
      subscriber.error(
        new ConnectionFailed(
          DEV &&
            'the server cannot be reached, or it refused; a browser does not say which. ' +
              `Check the address, params, the token and the allowed origins of the server.` +
              (protocols.length === 0 ? '' : ` ${NEEDS_SUB_PROTOCOL}`),
          { code },
        ),
      )
    }
    ws.onopen = () => {
      opened = true
      const link: Link = {
        send: (frame) => {
          ws.send(frame as string | Uint8Array<ArrayBuffer>)
        },
        get bufferedAmount() {
          return ws.bufferedAmount
        },
        nextTask,
      }
      subscriber.next({ type: 'open', link })
    }
    ws.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      subscriber.next({ type: 'frame', frame: typeof data === 'string' ? data : new Uint8Array(data) })
    }
    // Before it was open nothing else may follow (Node 22); after that the close event has the facts.
    ws.onerror = () => {
      if (!opened) failed(1006)
    }
    // Some classes leave fields out: React Native has no `wasClean`.
    ws.onclose = ({ code = 1006, reason = '', wasClean = false }: Partial<CloseEvent>) => {
      if (opened) subscriber.error(new ConnectionClosed({ code, reason, wasClean }))
      else failed(code)
    }
    return () => {
      ws.onopen = ws.onmessage = ws.onclose = null
      ws.close(1000)
    }
  })
