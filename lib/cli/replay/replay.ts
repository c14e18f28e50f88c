import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { ignoreElements, tap } from 'rxjs'
import { parseSession, recordedJoins, type Session } from '../../testing/index.ts'
import { type PhoenixServer, type ServerSocket } from '../../server/index.ts'
import { type Context } from '../context.ts'
import { UsageError } from '../exit-code.ts'
import { listening } from '../listening.ts'
import { type Task } from '../run-task.ts'
import { replayChannel, type ReplayOptions } from './replay-channel.ts'

export interface ReplayFlags {
  readonly port: number
  readonly host: string
  readonly speed: number
  readonly quiet?: boolean
}

const STANDARD_INPUT = 0

/** Serves a recorded session until it is asked to stop. */
export const replay = (
  file: string,
  { port, host, speed }: ReplayFlags,
  { status, print }: Context,
): Task => {
  const session = sessionIn(file)
  const joins = recordedJoins(session)
  const path = new URL(session.header.url).pathname.replace(/\/+$/, '') || '/socket'
  const topics = [...new Set(joins.map(({ topic }) => topic))]
  if (topics.length === 0) throw new UsageError(`${file}: nothing was joined in this session.`)
  let server: PhoenixServer | undefined
  const lost: WeakSet<ServerSocket> = new WeakSet()
  const options: ReplayOptions = {
    speed,
    cut: (socket) => {
      lost.add(socket)
      server
        ?.connections()
        .find((connection) => connection.socket === socket)
        ?.kill()
    },
    isCut: (socket) => lost.has(socket),
  }
  const channels = Object.fromEntries(
    topics.map((topic) => [
      topic,
      replayChannel(
        joins.filter((join) => join.topic === topic),
        options,
      ),
    ]),
  )
  status.tell(`${topics.length === 1 ? 'topic' : 'topics'}: ${topics.join(', ')}`)
  const sockets = { [path]: { channels, longpoll: true, authToken: true } }
  return listening({ port, host, sockets }, status).pipe(
    tap((started) => {
      server = started
      print({ url: `${started.url}${path}` })
    }),
    ignoreElements(),
  )
}

const sessionIn = (file: string): Session => {
  const read = E.tryCatch(
    () => readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8'),
    (cause) => (cause as Error).message,
  )
  return pipe(
    read,
    E.chain((text) =>
      pipe(
        parseSession(text),
        E.mapLeft(({ line, reason }) => `${file}, line ${line}: ${reason}.`),
      ),
    ),
    E.getOrElse((reason): Session => {
      throw new UsageError(reason)
    }),
  )
}
