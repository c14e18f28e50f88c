import {
  channel,
  type ChannelDefinition,
  error,
  type LiveStateDefinition,
  liveStateChannel,
  next,
  ok,
  onceByKey,
  presence,
  type ReplyResult,
  type ServerChannel,
  type SocketDefinition,
} from '../../server/index.ts'

/** An application that shows each thing that the client can do. All is in memory. */
export const demoApp = (): SocketDefinition => ({
  longpoll: true,
  authToken: true,
  channels: {
    'room:*': room(),
    'clock:*': clock,
    'counter:*': liveStateChannel<Counter>({ ...counter, dialect: 'live-state' }),
    'seance:*': liveStateChannel<Counter>({ ...counter, dialect: 'seance' }),
  },
})

/** How many messages of a room are kept for those who come back. */
const KEPT = 1000

interface Entry {
  readonly id: number
  readonly [key: string]: unknown
}

const room = (): ChannelDefinition => {
  const presences = presence()
  const logs: Map<string, Entry[]> = new Map()
  let guests = 0
  const logOf = (topic: string): Entry[] => {
    const log = logs.get(topic) ?? []
    logs.set(topic, log)
    return log
  }
  const say = (payload: object, { topic, endpoint, assigns }: ServerChannel): Entry => {
    const log = logOf(topic)
    const entry = { from: assigns['name'], ...payload, id: (log.at(-1)?.id ?? 0) + 1 }
    log.push(entry)
    if (log.length > KEPT) log.shift()
    endpoint.broadcast(topic, 'new_msg', entry)
    return entry
  }
  const add = (payload: unknown, channel: ServerChannel): ReplyResult =>
    ok({ id: say(asObject(payload), channel).id })
  // As `pipe --outbox` needs it.
  const once = onceByKey(add)
  return channel({
    join: (params, channel) => {
      const { name, last_seen_id: since } = asObject(params)
      channel.assigns['name'] = typeof name === 'string' && name !== '' ? name : `guest-${++guests}`
      channel.send(since)
    },
    // After the reply to the join: missed messages in order, then the presences.
    handleInfo: (since, channel) => {
      if (typeof since === 'number')
        for (const entry of logOf(channel.topic)) if (entry.id > since) channel.push('new_msg', entry)
      presences.track(channel, String(channel.assigns['name']), { online_at: new Date().toISOString() })
      presences.pushState(channel)
    },
    handleIn: (event, payload, channel) => {
      if (event === 'echo') return ok(payload)
      if (event === 'new_msg')
        return 'idempotency_key' in asObject(payload) ? once(payload, channel) : add(payload, channel)
      return error({ reason: `no "${event}" here: push new_msg or echo` })
    },
  })
}

const SECOND_MS = 1000

const clock = channel({
  join: (_params, channel) => {
    channel.send(1)
  },
  handleInfo: (id, channel) => {
    channel.push('tick', { id, at: new Date().toISOString() })
    channel.sendAfter(Number(id) + 1, SECOND_MS)
  },
})

interface Counter {
  readonly seconds: number
  readonly clicks: number
}

const counter: Omit<LiveStateDefinition<Counter>, 'dialect'> = {
  init: (_params, channel) => {
    channel.sendAfter('second', SECOND_MS)
    return ok({ seconds: 0, clicks: 0 })
  },
  handleMessage: (_message, state, channel) => {
    channel.sendAfter('second', SECOND_MS)
    return next({ ...state, seconds: state.seconds + 1 })
  },
  handleEvent: (_name, _payload, state) => next({ ...state, clicks: state.clicks + 1 }),
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
