import { DEV } from '../protocol/dev.ts'
import { ConnectionClosed, ConnectionFailed } from '../protocol/connection-error.ts'
import { type OpenWebSocket, type WebSocketConstructor } from './platform.ts'

/** Opens a WebSocket of a class that has the shape of the browser's. */
export const openNative =
  (Constructor: WebSocketConstructor): OpenWebSocket =>
  (url, protocols, _options, events) => {
    const ws = new Constructor(url, [...protocols])
    ws.binaryType = 'arraybuffer'
    let opened = false
    ws.onopen = () => {
      opened = true
      events.opened({
        send: (frame) => {
          ws.send(frame as string | Uint8Array<ArrayBuffer>)
        },
        get bufferedAmount() {
          return ws.bufferedAmount
        },
      })
    }
    ws.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      events.frame(typeof data === 'string' ? data : new Uint8Array(data))
    }
    // The close event that follows carries the facts; a browser tells none of them in the error event.
    ws.onerror = () => undefined
    ws.onclose = ({ code, reason, wasClean }) => {
      events.ended(
        opened
          ? new ConnectionClosed({ code, reason, wasClean })
          : new ConnectionFailed(
              DEV &&
                'the server cannot be reached, or it refused; a browser does not tell which. ' +
                  'Check the address, params, the token and the allowed origins of the server.',
              { code },
            ),
      )
    }
    return () => {
      ws.onopen = ws.onmessage = ws.onclose = null
      ws.close(1000)
    }
  }
