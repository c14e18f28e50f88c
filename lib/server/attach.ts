import { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Duplex } from 'node:stream'

interface Handlers {
  /** Gives true if the request was for us. */
  readonly upgrade: (request: IncomingMessage, raw: Duplex, head: Buffer) => boolean
  readonly request: (request: IncomingMessage, response: ServerResponse) => boolean
  /** What happens to the rest where nobody else listens. */
  readonly otherUpgrade: (raw: Duplex) => void
  readonly otherRequest: (request: IncomingMessage, response: ServerResponse) => void
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Puts us in front of an http server. Listeners that are there already get the requests that are not for us: they are
 * called through us, since each would otherwise answer ours as well. The function returned puts everything back.
 */
export const attach = (http: Server, handlers: Handlers): (() => void) => {
  const others = http.listeners('request') as RequestListener[]
  http.removeAllListeners('request')
  const onRequest: RequestListener = (request, response) => {
    if (handlers.request(request, response)) return
    if (others.length === 0) handlers.otherRequest(request, response)
    for (const other of others) other.call(http, request, response)
  }
  const ours: Set<Duplex> = new Set()
  const onUpgrade = (request: IncomingMessage, raw: Duplex, head: Buffer): void => {
    raw.on('error', ignore)
    if (handlers.upgrade(request, raw, head)) {
      ours.add(raw)
      raw.once('close', () => {
        ours.delete(raw)
      })
      return
    }
    if (http.listenerCount('upgrade') === 1) handlers.otherUpgrade(raw)
  }
  http.on('request', onRequest)
  http.on('upgrade', onUpgrade)
  return () => {
    http.off('request', onRequest)
    http.off('upgrade', onUpgrade)
    for (const other of others) http.on('request', other)
    // What is left now waits for a connect that has not decided yet.
    for (const raw of ours) raw.destroy()
  }
}

/** A connection that breaks before it is a WebSocket concerns nobody, but an unheard error would end the process. */
const ignore = (): void => undefined
