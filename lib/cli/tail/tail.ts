import { filter, ignoreElements, map, merge, noop, type Observable, take, tap } from 'rxjs'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { type Cursor, Cursors } from './cursors.ts'
import { joinParams, openSocket, type ShownChannel, telling } from '../endpoint.ts'
import { UsageError } from '../exit-code.ts'
import { named } from '../print-line.ts'
import { type Task } from '../run-task.ts'
import { type Printable, resuming } from './resuming.ts'

export interface TailFlags extends JoinFlags {
  readonly event?: readonly string[]
  readonly since?: Cursor
  /** The file that keeps the position. */
  readonly resume?: string
  readonly cursorKey: string
  readonly sinceParam: string
  readonly count?: number
}

/** Prints what topics send, each message with the cursor from which to resume, until the server closes them all. */
export const tail = (
  url: string,
  topics: readonly string[],
  flags: TailFlags,
  { status, print }: Context,
): Task => {
  const distinct = [...new Set(topics)]
  if (flags.resume !== undefined && distinct.length > 1)
    throw new UsageError('--resume keeps the position of one topic; run one tail for each.')
  const socket = openSocket(url, flags, status)
  const cursors = new Cursors(distinct, flags.cursorKey, flags.since)
  const params = joinParams(flags)
  const wanted = flags.event && new Set(flags.event)
  const isWanted = (event: string): boolean => wanted?.has(event) ?? true
  const resumes = flags.resume !== undefined || flags.since !== undefined

  const plain = (topic: string): readonly [ShownChannel, Observable<Printable>] => {
    const channel = socket.channel(topic, { params })
    const printable$ = channel.messages$.pipe(
      // Before the cursors: the ids of another event may be of another kind.
      filter(({ event }) => isWanted(event)),
      map((message) => ({ message, printed: noop })),
    )
    return [channel, printable$]
  }
  const sources = distinct.map((topic) =>
    resumes
      ? resuming({
          socket,
          topic,
          isWanted,
          idOf: (payload) => cursors.idOf(payload),
          params,
          sinceParam: flags.sinceParam,
          since: cursors.of(topic),
          file: flags.resume,
          warn: (text) => {
            status.tell(text, 'warning')
          },
        })
      : plain(topic),
  )
  const lines$ = merge(...sources.map(([, printable$]) => printable$)).pipe(
    tap(({ message: { topic, event, payload }, printed }) => {
      cursors.see(topic, payload)
      print({ topic, event, ...named('payload', payload), cursor: cursors.current })
      printed()
    }),
    take(flags.count ?? Infinity),
    ignoreElements(),
  )
  return telling(
    socket,
    sources.map(([shown]) => shown),
    status,
    lines$,
  )
}
