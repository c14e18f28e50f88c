import {
  type ChannelDefinition,
  error,
  type HandlerResult,
  ok,
  type Presence,
  type ServerChannel,
} from '../../lib/server/index.ts'
import { asMap } from './payload.ts'

type Handler = (given: Readonly<Record<string, unknown>>, channel: ServerChannel) => HandlerResult

/** The channels `presence:*` and `presence_fetch:*` of the contract app. */
export const presenceChannel = (presences: Presence): ChannelDefinition => {
  const handlers: Map<string, Handler> = new Map(
    Object.entries<Handler>({
      track: ({ key, meta }, channel) => ok(presences.track(channel, String(key), asMap(meta))),
      update: ({ key, meta }, channel) => ok(presences.update(channel, String(key), asMap(meta))),
      untrack: ({ key }, channel) => {
        presences.untrack(channel, String(key))
        return ok()
      },
      list: (_given, { topic }) => ok(presences.list(topic)),
      state: (_given, channel) => {
        presences.pushState(channel)
        return ok()
      },
    }),
  )
  return {
    join: (params, channel) => {
      // Tracking tells the topic, and nobody may hear of a join before its reply: so after the join.
      channel.send(asMap(params))
    },
    handleInfo: (params, channel) => {
      const { key, meta } = asMap(params)
      if (typeof key === 'string' || typeof key === 'number')
        presences.track(channel, String(key), asMap(meta))
      presences.pushState(channel)
    },
    handleIn: (event, payload, channel) =>
      handlers.get(event)?.(asMap(payload), channel) ?? error({ reason: 'unknown event', event, payload }),
  }
}
