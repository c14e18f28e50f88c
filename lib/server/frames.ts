import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { PHX_ERROR, PHX_REPLY } from '../protocol/event.ts'
import { type ChannelProcess } from './channel-process.ts'
import { type JoinOutcome } from './run-join.ts'
import { type OutFrame, type ServerSerializer } from './server-serializer.ts'
import { named, type Trace } from './trace.ts'
import { type WireMessage } from './wire-message.ts'

type Header = Pick<WireMessage, 'joinRef' | 'ref' | 'topic'>

/** The frames that the connection itself sends, and not one of its channels. */
export interface Frames {
  heartbeat(message: WireMessage): readonly OutFrame[]
  unmatched(message: WireMessage): readonly OutFrame[]
  tooMany(message: WireMessage): readonly OutFrame[]
  left(message: WireMessage): readonly OutFrame[]
  joined(message: WireMessage, outcome: JoinOutcome): readonly OutFrame[]
  ended(channel: ChannelProcess, event: string): readonly OutFrame[]
}

const NONE: readonly OutFrame[] = []
const sole = (frame: OutFrame): readonly OutFrame[] => [frame]

/** A frame that cannot be encoded is traced and left out; all of these can, but for the reply of a user's join. */
export const framesFor = (serializer: ServerSerializer, trace: Trace): Frames => {
  const reply = (header: Header, status: string, response: unknown): readonly OutFrame[] =>
    pipe(
      serializer.reply(header, status, response),
      E.match((error) => {
        trace({ _tag: 'NotEncodable', topic: named(header.topic), event: PHX_REPLY, error })
        return NONE
      }, sole),
    )
  return {
    heartbeat: ({ ref, topic }) => reply({ joinRef: null, ref, topic }, 'ok', {}),
    unmatched: ({ ref, topic }) =>
      reply({ joinRef: null, ref, topic }, 'error', { reason: 'unmatched topic' }),
    tooMany: (message) => reply(message, 'error', { reason: 'too many channels joined' }),
    left: (message) => reply(message, 'ok', {}),
    joined: (message, outcome) =>
      outcome._tag === 'JoinCrashed'
        ? reply(message, 'error', { reason: 'join crashed' })
        : reply(message, outcome._tag === 'Joined' ? 'ok' : 'error', outcome.response),
    // Both carry the join_ref of the join twice (recordings `leave`, `channel_crash`).
    ended: ({ topic, wireJoinRef }, event) => {
      const payload = event === PHX_ERROR ? { reason: 'channel_crash' } : {}
      return pipe(
        serializer.message({ topic, event, payload, ref: wireJoinRef, joinRef: wireJoinRef }),
        E.match(() => NONE, sole),
      )
    },
  }
}
