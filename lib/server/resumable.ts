import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type ChannelDefinition, type ServerChannel } from './channel-definition.ts'
import { type Cursor, type EventLog } from './event-log.ts'
import { nextTurn } from './next-turn.ts'
import { error, type HandlerResult, ok, readResult } from './result.ts'

/** How many entries are read and sent together. */
const BATCH = 100

/** The message that a channel sends itself when there may be more to read. */
const MORE = Symbol('more')

/** How far a join has been sent, and whether a look at the log is due already. */
interface Reader {
  position: Cursor | undefined
  due: boolean
}

/**
 * A channel that sends the entries of a log, from where its client left off: a client that joins with `{ after: cursor }`
 * first gets what came behind that cursor, then what comes, in order, each entry once. Without `after` it begins with the
 * next entry.
 *
 * The reply of the join has `resumed` and `cursor`. `resumed` is false if the log does not reach back that far: then
 * entries are missing, and what follows begins with the oldest that there is. A client that is so slow that entries go
 * before they are sent is made to join again (`phx_error`), and that reply shows it.
 *
 * @param log - where entries are read; a new one is sent when the log announces it
 * @param definition - the rest of the channel. Its `join` may refuse, and answers with a map if it answers
 */
export const resumable = (log: EventLog, definition: ChannelDefinition = {}): ChannelDefinition => {
  if (typeof (log as EventLog | undefined)?.after !== 'function')
    throw new InvalidArgument('log', log, 'pass a log, such as memoryLog().')
  const readers: WeakMap<ServerChannel, Reader> = new WeakMap()

  const join = async (params: unknown, channel: ServerChannel, topic: string): Promise<HandlerResult> => {
    const answer = await definition.join?.(params, channel, topic)
    const result = readResult(answer)
    if (result !== 'noreply' && (result?._tag !== 'Reply' || result.status !== 'ok')) return answer
    const after = afterOf(params)
    if (after === INVALID) return error({ reason: 'after is neither a string nor a number' })
    const resumed = after !== undefined && (await log.after(topic, after, 1)) !== null
    const cursor = resumed ? after : after === undefined ? await log.last(topic) : undefined
    readers.set(channel, { position: cursor, due: true })
    channel.send(MORE)
    const response = result === 'noreply' ? {} : (result.response as object)
    return ok({ ...response, resumed, cursor: cursor ?? null })
  }

  const listen = (channel: ServerChannel, reader: Reader): void => {
    const unsubscribe = log.subscribe(channel.topic, () => {
      if (reader.due) return
      reader.due = true
      channel.send(MORE)
    })
    channel.signal.addEventListener('abort', unsubscribe)
    if (channel.signal.aborted) unsubscribe()
  }

  const read = async (channel: ServerChannel, reader: Reader): Promise<void> => {
    reader.due = false
    const entries = await log.after(channel.topic, reader.position, BATCH)
    if (!entries) throw new Error(`the log of "${channel.topic}" has dropped entries that were not sent yet.`)
    for (const { cursor, event, payload } of entries) {
      channel.push(event, payload)
      reader.position = cursor
    }
    if (entries.length < BATCH) return
    await channel.drained()
    reader.due = true
    // One batch a turn, so that whatever else happens on this server has its turn as well.
    nextTurn(() => {
      channel.send(MORE)
    })
  }

  const listening: WeakSet<ServerChannel> = new WeakSet()
  const handleInfo = async (message: unknown, channel: ServerChannel): Promise<HandlerResult> => {
    const reader = readers.get(channel)
    if (message !== MORE || !reader) return definition.handleInfo?.(message, channel)
    if (!listening.has(channel)) listen(channel, reader)
    listening.add(channel)
    return read(channel, reader)
  }

  // Inherited and not spread: the definition may be an instance of a class.
  return Object.assign(Object.create(definition) as ChannelDefinition, { join, handleInfo })
}

const INVALID = Symbol('invalid')

const afterOf = (params: unknown): Cursor | undefined | typeof INVALID => {
  if (typeof params !== 'object' || params === null || !('after' in params)) return undefined
  const { after } = params
  if (after === null || after === undefined) return undefined
  return typeof after === 'string' || typeof after === 'number' ? after : INVALID
}
