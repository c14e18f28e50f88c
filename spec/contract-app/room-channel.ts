import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Assigns,
  type ChannelDefinition,
  error,
  ok,
  type HandlerResult,
  type ServerChannel,
} from '../../lib/server/index.ts'
import { binaryEvents, roomPushes } from './room-pushes.ts'
import { asMap, asNumber } from './payload.ts'

/** The channel `room:*` of the contract app, also mounted as `plain` and `bench:*`. */
export const roomChannel: ChannelDefinition = {
  join: async (params, channel, topic): Promise<HandlerResult> => {
    const given = asMap(params)
    if (given['delay'] !== undefined)
      await sleep(asNumber(given['delay'], 0), undefined, { signal: channel.signal })
    return joined(given, channel, topic)
  },
  handleIn: (event, payload, channel, request) => {
    if (payload instanceof ArrayBuffer && !binaryEvents.has(event))
      return ok({ event, size: payload.byteLength })
    const handler = roomPushes.get(event)
    return handler ? handler(payload, channel, request) : error({ reason: 'unknown event', event, payload })
  },
  handleInfo: (message) => {
    // Messages to oneself are functions: what a real channel would do in a clause of handle_info for each.
    if (typeof message === 'function') (message as () => void)()
  },
  handleOut: {
    intercepted: (payload, channel) => {
      channel.push('intercepted', { ...asMap(payload), for: userId(channel) })
    },
  },
}

const joined = (
  given: Readonly<Record<string, unknown>>,
  channel: ServerChannel,
  topic: string,
): HandlerResult => {
  if (given['error'] !== undefined) {
    const refusal = given['error']
    return error(typeof refusal === 'object' && refusal !== null ? refusal : { reason: refusal })
  }
  if (given['crash'] !== undefined || given['exit'] !== undefined)
    throw new Error('the join crashes, as it was asked to')
  if (topic === 'room:ignored') return 'ignored' as unknown as HandlerResult
  const pushes = asNumber(given['push_on_join'], 0)
  channel.send(() => {
    for (let n = 1; n <= pushes; n++) channel.push('joined_push', { n })
  })
  if (given['reply'] !== undefined) return ok(given['reply'])
  return given['noreply'] === undefined ? ok({ topic, user_id: userId(channel) }) : ok()
}

const userId = ({ socket }: ServerChannel): unknown => (socket.assigns as Assigns)['user_id']
