import { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Duplex } from 'node:stream'

interface Handlers {
  /** Gives true if the request was for us. */
  readonly upgrade: (request: IncomingMessage, raw: Duplex, head: Buffer) => boolean
  readonly request: (request: IncomingMessage, response: ServerResponse) => boolean
  /** What happens to the rest if there is no other listener. */
  readonly otherUpgrade: (raw: Duplex) => void
  readonly otherRequest: (request: IncomingMessage, response: ServerResponse) => void
}

/**
 * Puts us in front of an http server. The function returned takes us away again, in whatever order several of us go.
 */
export const attach = (http: Server, handlers: Handlers): (() => void) => {
  const detach = intercept(http, handlers)
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
  http.on('upgrade', onUpgrade)
  return () => {
    detach()
    http.off('upgrade', onUpgrade)
    // What is left now waits for a connect that has not decided yet.
    for (const raw of ours) raw.destroy()
  }
}

/** Who is in front of a server, first come first. */
const attached: WeakMap<Server, Set<Handlers>> = new WeakMap()

/**
 * Looks at the requests of a server before its listeners do. Not as a listener: those that the user adds later would be
 * called beside us, and taking over those that are there already would hide them from `http.listeners`, and bring them
 * back twice where two of us go in the order in which they came. So `emit` is replaced, once for all of us.
 */
const intercept = (http: Server, handlers: Handlers): (() => void) => {
  const all = attached.get(http) ?? wrap(http)
  all.add(handlers)
  return () => {
    all.delete(handlers)
  }
}

/** What is left when all have gone hands everything on: somebody may have replaced `emit` after us, and calls ours. */
const wrap = (http: Server): Set<Handlers> => {
  const all: Set<Handlers> = new Set()
  const emit = http.emit.bind(http) as (...args: readonly unknown[]) => boolean
  const answered = (request: IncomingMessage, response: ServerResponse): boolean => {
    for (const each of all) if (each.request(request, response)) return true
    const [first] = all
    if (!first || http.listenerCount('request') > 0) return false
    first.otherRequest(request, response)
    return true
  }
  http.emit = ((...args: readonly unknown[]) =>
    (args[0] === 'request' && answered(args[1] as IncomingMessage, args[2] as ServerResponse)) ||
    emit(...args)) as Server['emit']
  attached.set(http, all)
  return all
}

/** A connection that breaks before it is a WebSocket does not matter, but an unhandled error would end the process. */
const ignore = (): void => undefined
