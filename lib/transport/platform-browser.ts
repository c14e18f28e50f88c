import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { openNative } from './native-web-socket.ts'
import { type OpenWebSocket } from './platform.ts'

const nodeOnly = ['headers', 'agent', 'tls', 'maxPayload', 'perMessageDeflate'] as const

/** Opens the browser's own WebSocket. */
export const openWebSocket: OpenWebSocket = (url, protocols, options, events) => {
  for (const option of nodeOnly)
    if (options[option] !== undefined)
      throw new InvalidArgument(
        `webSocketTransport.${option}`,
        options[option],
        'a browser cannot do this; leave it out.',
      )
  return openNative(options.WebSocket ?? WebSocket)(url, protocols, options, events)
}
