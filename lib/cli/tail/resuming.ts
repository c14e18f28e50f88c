import { EMPTY, filter, from, map, mergeMap, type Observable, of } from 'rxjs'
import { checkpointOf, type Checkpoint, feed, fileCheckpoint } from '../../durable/index.ts'
import { type Message, type PhoenixSocket } from '../../index.ts'
import { type Json } from '../read-argument.ts'
import { type ShownChannel } from '../endpoint.ts'
import { type Id } from './cursors.ts'

type Heard = Pick<Message, 'topic' | 'event' | 'payload'>

/** A message, and what to call when it is printed: the position is behind it then. */
export interface Printable {
  readonly message: Heard
  readonly printed: () => void
}

export interface Resuming {
  readonly socket: PhoenixSocket
  readonly topic: string
  readonly isWanted: (event: string) => boolean
  readonly idOf: (payload: unknown) => Id | undefined
  readonly params: Json
  /** The join param that takes the position. */
  readonly sinceParam: string
  /** Where to begin if nothing else is known. */
  readonly since: Id | undefined
  /** Keeps the position. Undefined: this process alone does. */
  readonly file: string | undefined
  readonly warn: (text: string) => void
}

/** What comes twice after a crash is what was printed in so many milliseconds before it. */
const SAVE_EVERY_MS = 250

/**
 * The messages of a topic behind the last one that was printed: after a reconnect, and with a file after a restart too. A
 * message without an id is printed, and moves nothing.
 */
export const resuming = (given: Resuming): readonly [ShownChannel, Observable<Printable>] => {
  const { socket, topic, idOf, params, sinceParam, warn } = given
  const messages = feed(withMessages(socket, given.isWanted), {
    topic,
    event: EVERY,
    // One without an id is set aside by the feed, as invalid.
    cursor: (message) => idOf((message as Heard).payload) ?? '',
    params: (last) => (last === undefined ? params : { ...params, [sinceParam]: last }),
    checkpoint: checkpoint(given),
    saveEveryMs: SAVE_EVERY_MS,
  })
  const printable$ = messages.pipe(
    mergeMap((event): Observable<Printable> => {
      switch (event.type) {
        case 'delivery':
          return of({
            message: event.value as Heard,
            printed: () => {
              event.commit()
            },
          })
        case 'invalid':
          if (event.error._tag === 'CursorBackwards')
            warn(
              `${topic}: an id is older than the one before it; are the ids of several events mixed? Name one with --event.`,
            )
          return of({ message: event.payload as Heard, printed: () => undefined })
        case 'gap':
          warn(
            `${topic}: the server does not have all messages behind ${JSON.stringify(event.after)} any more`,
          )
          return EMPTY
      }
    }),
  )
  const states$ = messages.state$.pipe(filter(({ status }) => status !== 'idle'))
  return [Object.assign(states$, { topic }), printable$]
}

/** A feed receives events by name. This name stands for all selected events, and brings whole messages. */
const EVERY = 'every message'

const withMessages = (socket: PhoenixSocket, isWanted: Resuming['isWanted']): PhoenixSocket =>
  Object.create(socket, {
    channel: {
      value: (...args: Parameters<PhoenixSocket['channel']>) => {
        const channel = socket.channel(...args)
        const wanted$ = channel.messages$.pipe(filter(({ event }) => isWanted(event)))
        return Object.create(channel, { on: { value: () => wanted$ } }) as unknown
      },
    },
  }) as PhoenixSocket

const checkpoint = ({ file, since }: Resuming): Checkpoint => {
  const begin = since === undefined ? undefined : { cursor: since }
  if (file === undefined) {
    return checkpointOf({ load: () => begin, save: () => undefined })
  }
  const kept = fileCheckpoint(file)
  return {
    ...kept,
    load: () =>
      from(kept.load() as Observable<{ cursor: Id } | undefined>).pipe(map((position) => position ?? begin)),
  }
}
