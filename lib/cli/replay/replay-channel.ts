import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import {
  channel,
  type ChannelDefinition,
  error,
  type HandlerResult,
  ok,
  type PushRequest,
  reply,
  type ServerChannel,
  type ServerSocket,
  stop,
} from '../../server/index.ts'
import { type RecordedJoin, type RecordedPush } from '../../testing/index.ts'

export interface ReplayOptions {
  /** How many times faster; 0: without waiting. */
  readonly speed: number
  /** Cuts the connection of a client, with all of its channels. */
  readonly cut: (socket: ServerSocket) => void
  /** True if it is cut. */
  readonly isCut: (socket: ServerSocket) => boolean
}

/** A message of a channel to itself: what to do next. */
type Step =
  | { readonly do: 'play'; readonly index: number }
  | { readonly do: 'answer'; readonly request: PushRequest; readonly answer: Reply }

type Reply = NonNullable<RecordedPush['reply']>

interface Playing {
  readonly join: RecordedJoin
  /** The pushes that have not been made again yet. */
  readonly left: RecordedPush[]
}

/**
 * Plays the joins of one topic. A client that joins gets the first one; where the recorded one ended by a crash, a close
 * or a lost connection, so does this one, and the next client to join gets the join that came after it.
 */
export const replayChannel = (
  joins: readonly RecordedJoin[],
  { speed, cut, isCut }: ReplayOptions,
): ChannelDefinition => {
  let following = 0
  const playing: WeakMap<ServerChannel, Playing> = new WeakMap()
  const inMs = (recordedMs: number): number => (speed === 0 ? 0 : Math.max(0, recordedMs) / speed)

  const take = (): RecordedJoin | undefined => {
    const join = joins[following] ?? joins[0]
    following = 0
    return join
  }
  /** Lets what comes at `index` happen as long after what came before it as it did. */
  const goOn = (
    index: number,
    channel: ServerChannel,
    { messages, end, reply: joined }: RecordedJoin,
  ): void => {
    const next = messages[index] ?? end
    if (!next) return
    const before = messages[index - 1] ?? joined
    const waitMs = inMs(next.afterMs - (before?.afterMs ?? 0))
    const step: Step = { do: 'play', index }
    // A message to itself, and not a loop: pushes of the client come in between.
    if (waitMs > 0) channel.sendAfter(step, waitMs)
    else channel.send(step)
  }
  const play = (index: number, channel: ServerChannel, join: RecordedJoin): HandlerResult => {
    const message = join.messages[index]
    if (!message) return finish(channel, join)
    channel.push(message.event, message.payload)
    goOn(index + 1, channel, join)
    return undefined
  }
  const finish = (channel: ServerChannel, join: RecordedJoin): HandlerResult => {
    const type = join.end?.type
    if (type === undefined || type === 'left') return undefined
    following = joins.indexOf(join) + 1
    if (type === 'closed') return stop('normal')
    if (type === 'crashed') return stop({ error: 'as it was recorded' })
    cut(channel.socket)
    return undefined
  }

  return channel({
    join: async (_params, channel) => {
      const join = take()
      if (!join?.reply) return error({ reason: 'the recording has no reply to this join' })
      const { status, response, afterMs } = join.reply
      if (inMs(afterMs) > 0) await sleep(inMs(afterMs))
      if (status !== 'ok') {
        following = joins.indexOf(join) + 1
        return reply(status, response)
      }
      playing.set(channel, { join, left: [...join.pushes] })
      goOn(0, channel, join)
      return ok(response)
    },
    terminate: (_reason, channel) => {
      const join = playing.get(channel)?.join
      // Another topic came first to the end that the connection had for all of them.
      if (join?.end?.type === 'lost' && isCut(channel.socket)) following = joins.indexOf(join) + 1
    },
    handleInfo: (message, channel) => {
      const step = message as Step
      if (step.do === 'play') {
        const current = playing.get(channel)
        return current && play(step.index, channel, current.join)
      }
      step.request.reply(reply(step.answer.status, step.answer.response))
      return undefined
    },
    handleIn: (event, payload, channel, request) => {
      const push = recordedPush(playing.get(channel), event, payload)
      if (!push) return error({ reason: `"${event}" is not in the recording` })
      const { reply: answer } = push
      if (answer) channel.sendAfter({ do: 'answer', request, answer } satisfies Step, inMs(answer.afterMs))
      return undefined
    },
  })
}

/**
 * The recorded push that this one is: the first of those that have not come yet with the same payload, or else with the
 * same event; once all have come, the last one with this event again.
 */
const recordedPush = (
  playing: Playing | undefined,
  event: string,
  payload: unknown,
): RecordedPush | undefined => {
  if (!playing) return undefined
  const { join, left } = playing
  const named = left.filter((push) => push.event === event)
  const found = named.find((push) => isDeepStrictEqual(push.payload, payload)) ?? named[0]
  if (found) left.splice(left.indexOf(found), 1)
  return found ?? join.pushes.filter((push) => push.event === event).at(-1)
}
