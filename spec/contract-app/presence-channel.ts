import {
  type ChannelDefinition,
  error,
  type HandlerResult,
  ok,
  type Presence,
  type ReplyResult,
  type ServerChannel,
} from '../../lib/server/index.ts'
import { asMap } from './payload.ts'

type Handler = (given: Readonly<Record<string, unknown>>, channel: ServerChannel) => HandlerResult

/** The channels `presence:*` and `presence_fetch:*` of the contract app. An event that it does not know crashes it. */
export const presenceChannel = (presences: Presence): ChannelDefinition => {
  const handlers: Map<string, Handler> = new Map(
    Object.entries<Handler>({
      track: ({ key, meta = {} }, channel) =>
        inspected(presences.track(channel, String(key), meta as object), channel, key),
      update: ({ key, meta = {} }, channel) =>
        inspected(presences.update(channel, String(key), meta as object), channel, key),
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
      // Tracking is broadcast, and nobody may hear of a join before its reply: so after the join.
      channel.send(asMap(params))
    },
    handleInfo: (params, channel) => {
      const { key, meta = {} } = asMap(params)
      if (typeof key === 'string' || typeof key === 'number')
        presences.track(channel, String(key), meta as object)
      presences.pushState(channel)
    },
    handleIn: (event, payload, channel) => {
      const handler = handlers.get(event)
      if (!handler) throw new Error(`no clause of handle_in takes "${event}"`)
      return handler(asMap(payload), channel)
    },
  }
}

/** The reason of an error as the recorded channel printed it. */
const inspected = (result: ReplyResult, { topic }: ServerChannel, key: unknown): ReplyResult => {
  if (result.status === 'ok') return result
  const tracked = asMap(result.response)['reason'] === 'already_tracked'
  const reason = tracked ? `{:already_tracked, #PID<0.1083.0>, "${topic}", "${String(key)}"}` : ':nopresence'
  return error({ reason })
}
