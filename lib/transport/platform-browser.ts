import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { openNative } from './native-web-socket.ts'
import { type CheckWebSocketOptions, type OpenWebSocket } from './platform.ts'

const nodeOnly = ['headers', 'agent', 'tls', 'maxPayload', 'perMessageDeflate'] as const

/** A browser honours none of the options for Node. */
export const checkWebSocketOptions: CheckWebSocketOptions = (options) => {
  if (!DEV) return
  for (const option of nodeOnly)
    if (options[option] !== undefined)
      throw new InvalidArgument(
        `webSocketTransport.${option}`,
        options[option],
        'a browser cannot do this; leave it out.',
      )
}

/** Opens the browser's own WebSocket. */
export const openWebSocket: OpenWebSocket = (url, protocols, options) =>
  openNative(options.WebSocket ?? WebSocket, url, protocols)
