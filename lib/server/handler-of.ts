import { type ChannelDefinition, type PushRequest, type ServerChannel } from './channel-definition.ts'

/** The functions of a channel, with answers for those that are missing. */
export interface Handler {
  readonly join: (params: unknown, channel: ServerChannel, topic: string) => unknown
  readonly push: (event: string, payload: unknown, channel: ServerChannel, request: PushRequest) => unknown
  readonly info: (message: unknown, channel: ServerChannel) => unknown
  readonly out: (event: string, payload: unknown, channel: ServerChannel) => unknown
  readonly intercepts: (event: string) => boolean
}

const known: WeakMap<ChannelDefinition, Handler> = new WeakMap()

/** Made once for each definition and not once for each join, of which there may be very many. */
export const handlerOf = (definition: ChannelDefinition): Handler => {
  const found = known.get(definition) ?? makeHandler(definition)
  known.set(definition, found)
  return found
}

/**
 * Looks up by own keys only: an event named `constructor` or `toString` has no handler. Each function is called as the
 * method that it may be, of the definition or of the object that it is in: both may be instances of a class.
 */
const makeHandler = (definition: ChannelDefinition): Handler => {
  const { handleIn, handleOut } = definition
  const pushHandlers = new Map(typeof handleIn === 'object' ? Object.entries(handleIn) : [])
  const interceptors = new Map(Object.entries(handleOut ?? {}))
  return {
    join: (params, channel, topic) => definition.join?.(params, channel, topic),
    push: (event, payload, channel, request) => {
      if (typeof handleIn === 'function') return handleIn.call(definition, event, payload, channel, request)
      const handler = pushHandlers.get(event)
      if (!handler) throw new Error(`"${channel.topic}" has no handler for the push "${request.event}".`)
      return handler.call(handleIn, payload, channel, request)
    },
    info: (message, channel) => definition.handleInfo?.(message, channel),
    out: (event, payload, channel) => interceptors.get(event)?.call(handleOut, payload, channel),
    intercepts: (event) => interceptors.has(event),
  }
}
