import { setTimeout as sleep } from 'node:timers/promises'
import {
  error,
  type HandlerResult,
  ok,
  type PushRequest,
  reply,
  type ServerChannel,
  stop,
  type StopReason,
} from '../../lib/server/index.ts'
import { asMap, asNumber } from './payload.ts'

type PushHandler = (
  payload: unknown,
  channel: ServerChannel,
  request: PushRequest,
) => HandlerResult | Promise<HandlerResult>

const replies: Readonly<Record<string, PushHandler>> = {
  echo: (payload) => ok(payload),
  ok: () => ok(),
  fail: (payload) => error(payload),
  fail_empty: () => error(),
  weird: (payload) => reply('weird', payload),
  noreply: () => undefined,
  slow: (payload, channel, request) => {
    channel.sendAfter(
      () => {
        request.reply(ok(payload))
      },
      asNumber(asMap(payload)['ms'], 0),
    )
  },
  block: async (payload, channel) => {
    await sleep(asNumber(asMap(payload)['ms'], 0), undefined, { signal: channel.signal })
    return ok(payload)
  },
  reply_twice: (payload, _channel, request) => {
    request.reply(ok({ n: 1, p: payload }))
    return error({ n: 2 })
  },
  whoami: (_payload, { socket, joinRef }, { ref }) =>
    ok({
      user_id: socket.assigns['user_id'],
      auth_token: socket.authToken,
      params: socket.params,
      join_ref: joinRef,
      ref,
      transport: socket.transport,
      node: 'a@localhost', // the name of the node that made the recordings
    }),
  big: (payload) => ok({ data: 'b'.repeat(asNumber(asMap(payload)['size'], 0)) }),
}

const pushes: Readonly<Record<string, PushHandler>> = {
  push_back: (payload, channel) => {
    channel.push('pushed', payload)
  },
  push_then_reply: (payload, channel) => {
    channel.push('pushed', payload)
    return ok(payload)
  },
  broadcast: (payload, channel) => {
    channel.broadcast('broadcasted', payload)
    return ok()
  },
  broadcast_from: (payload, channel) => {
    channel.broadcastFrom('broadcasted_from', payload)
    return ok()
  },
  broadcast_intercepted: (payload, channel) => {
    channel.broadcast('intercepted', payload)
  },
  new_msg: (payload, channel) => {
    channel.broadcast('new_msg', {
      body: asMap(payload)['body'] ?? null,
      from: channel.socket.assigns['user_id'],
    })
    return ok()
  },
  flood: async (payload, channel) => {
    const { n, size, binary } = asMap(payload)
    const count = asNumber(n, 0)
    const byteLength = asNumber(size, 0)
    const text = 'x'.repeat(byteLength)
    for (let i = 1; i <= count; i++) {
      channel.push('flood', binary === true ? numbered(i, byteLength) : { i, data: text })
      if (i % 100 === 0) await channel.drained()
    }
    return ok({ n: count, size: byteLength })
  },
}

/** 4 bytes of the number, big-endian, and then `x`. */
export const numbered = (i: number, byteLength: number): Buffer => {
  const bytes = Buffer.alloc(4 + byteLength, 'x')
  bytes.writeUInt32BE(i)
  return bytes
}

const ends: Readonly<Record<string, PushHandler>> = {
  crash: () => {
    throw new Error('the channel crashes, as it was asked to')
  },
  exit: (payload) => {
    throw new Error(
      `the channel exits with the reason ${String(asMap(payload)['reason'])}, as it was asked to`,
    )
  },
  stop: (payload) => stop(stopReason(asMap(payload)['reason'])),
  stop_reply: (payload) => stop('shutdown', ok(payload)),
  stop_reply_error: (payload) => stop('shutdown', error(payload)),
}

const stopReasons: Readonly<Record<string, StopReason>> = {
  normal: 'normal',
  shutdown: 'shutdown',
  tuple: { shutdown: 'tuple' },
  other: { error: 'other' },
}

/** `shutdown` unless the name of another reason is given. */
export const stopReason = (name: unknown): StopReason =>
  (typeof name === 'string' && Object.hasOwn(stopReasons, name) ? stopReasons[name] : undefined) ?? 'shutdown'

const binary: Readonly<Record<string, PushHandler>> = {
  binary_echo: (payload) => ok(payload),
  binary_fail: (payload) => error(payload),
  binary_push: (payload, channel) => {
    const size = asMap(payload)['size']
    channel.push('binary_push', payload instanceof ArrayBuffer ? payload : Buffer.alloc(asNumber(size, 0), 7))
  },
  binary_broadcast: (payload, channel) => {
    channel.broadcast('binary_broadcast', payload)
  },
  binary_size: (payload) => ok({ size: payload instanceof ArrayBuffer ? payload.byteLength : 0 }),
}

/** The events that do something with bytes; any other is answered with their number. */
export const binaryEvents: ReadonlySet<string> = new Set(Object.keys(binary))

/** What the room answers to each push. A map, for a client chooses the name of the event. */
export const roomPushes: ReadonlyMap<string, PushHandler> = new Map(
  [replies, pushes, ends, binary].flatMap((handlers) => Object.entries(handlers)),
)
