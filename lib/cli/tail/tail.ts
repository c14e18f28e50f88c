import { filter, ignoreElements, map, merge, take, tap } from 'rxjs'
import { type Channel } from '../../index.ts'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { type Cursor, Cursors } from './cursors.ts'
import { joinParams, openSocket, telling } from '../endpoint.ts'
import { named } from '../print-line.ts'
import { type Task } from '../run-task.ts'

export interface TailFlags extends JoinFlags {
  readonly event?: readonly string[]
  readonly since?: Cursor
  readonly resume?: boolean
  readonly cursorKey: string
  readonly sinceParam: string
  readonly count?: number
}

/** Prints what topics send, each message with the cursor from which to go on, until the server closes them all. */
export const tail = (
  url: string,
  topics: readonly string[],
  flags: TailFlags,
  { status, print }: Context,
): Task => {
  const socket = openSocket(url, flags, status)
  const distinct = [...new Set(topics)]
  const cursors = new Cursors(distinct, flags.cursorKey, flags.since)
  const params = joinParams(flags)
  // A function, so that a rejoin asks for what came since the last line, and not since we began.
  const paramsFor = (topic: string) => (): object => {
    const last = cursors.of(topic)
    return last === undefined ? params : { ...params, [flags.sinceParam]: last }
  }
  const resumes = flags.resume === true || flags.since !== undefined
  const channels = distinct.map((topic): Channel =>
    socket.channel(topic, { params: resumes ? paramsFor(topic) : params }),
  )
  const wanted = flags.event && new Set(flags.event)
  const lines$ = merge(...channels.map(({ messages$ }) => messages$)).pipe(
    // Before the cursors: the ids of another event may be of another kind.
    filter(({ event }) => wanted?.has(event) ?? true),
    take(flags.count ?? Infinity),
    tap(({ topic, payload }) => {
      cursors.see(topic, payload)
    }),
    map(({ topic, event, payload }) => ({
      topic,
      event,
      ...named('payload', payload),
      cursor: cursors.current,
    })),
    tap(print),
    ignoreElements(),
  )
  return telling(socket, channels, status, lines$)
}
