import { HEARTBEAT, PHX_CLOSE, PHX_ERROR, PHX_JOIN, PHX_LEAVE, PHX_REPLY } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'
import { type Reply, replyOf } from '../protocol/reply.ts'
import { recordedMessage } from './recorded-message.ts'
import { type Session } from './session.ts'

/** Times are in milliseconds since the join was sent; that of a reply since what it answers was sent. */
interface Timed {
  readonly afterMs: number
}

/** One push in a recorded session, with its reply if one came. */
export interface RecordedPush extends Timed {
  readonly event: string
  readonly payload: unknown
  readonly ref: string | null
  reply: (Reply & Timed) | undefined
}

/** One join in a recorded session, with everything that belongs to it. */
export interface RecordedJoin {
  readonly topic: string
  readonly connection: number
  readonly joinRef: string | null
  readonly atMs: number
  reply: (Reply & Timed) | undefined
  readonly pushes: RecordedPush[]
  /** What the server sent by itself. */
  readonly messages: (Timed & { readonly event: string; readonly payload: unknown })[]
  /** How it ended: the server closed or crashed the channel, the connection was lost, or the client went. */
  end: (Timed & { readonly type: 'closed' | 'crashed' | 'lost' | 'left' }) | undefined
}

/** The joins of a session, in their order. Frames that are not messages are left out. */
export const recordedJoins = ({ header, events }: Session): readonly RecordedJoin[] => {
  const joins: RecordedJoin[] = []
  /** Those that go on, by connection and topic. */
  const open: Map<string, RecordedJoin> = new Map()
  const end = (join: RecordedJoin, type: NonNullable<RecordedJoin['end']>['type'], atMs: number): void => {
    join.end ??= { type, afterMs: atMs - join.atMs }
    open.delete(keyOf(join))
  }
  for (const event of events) {
    const { atMs, connection } = event
    if (event.type === 'close')
      for (const join of [...open.values()].filter((each) => each.connection === connection))
        end(join, event.cause === undefined ? 'left' : 'lost', atMs)
    const message = recordedMessage(event, header.vsn)
    if (!message || message.event === HEARTBEAT) continue
    const { topic, joinRef, payload, ref } = message
    const key = keyOf({ connection, topic })
    const join = open.get(key)
    if (event.type === 'out') {
      if (message.event === PHX_JOIN) {
        const begun = {
          topic,
          connection,
          joinRef,
          atMs,
          reply: undefined,
          pushes: [],
          messages: [],
          end: undefined,
        }
        joins.push(begun)
        open.set(key, begun)
      } else if (join && message.event === PHX_LEAVE) end(join, 'left', atMs)
      else
        join?.pushes.push({ event: message.event, payload, ref, afterMs: atMs - join.atMs, reply: undefined })
      continue
    }
    // What is late belongs to a join that was replaced.
    if (!join || (joinRef !== null && joinRef !== join.joinRef)) continue
    const afterMs = atMs - join.atMs
    if (message.event === PHX_CLOSE) end(join, 'closed', atMs)
    else if (message.event === PHX_ERROR) end(join, 'crashed', atMs)
    else if (message.event !== PHX_REPLY) join.messages.push({ event: message.event, payload, afterMs })
    else answer(join, message, afterMs)
  }
  return joins
}

const answer = (join: RecordedJoin, message: Message, afterMs: number): void => {
  const reply = replyOf(message)
  if (!reply) return
  const push = join.pushes.find(({ ref }) => ref === message.ref)
  if (push) push.reply ??= { ...reply, afterMs: afterMs - push.afterMs }
  else join.reply ??= { ...reply, afterMs }
}

const keyOf = ({ connection, topic }: Pick<RecordedJoin, 'connection' | 'topic'>): string =>
  `${connection} ${topic}`
