import {
  catchError,
  concat,
  count,
  defer,
  EMPTY,
  filter,
  first,
  ignoreElements,
  interval,
  map,
  type Observable,
  of,
  race,
  retry,
  take,
  throwError,
  timer,
} from 'rxjs'
import { type Channel, type PhoenixSocket, type PushError } from '../../index.ts'
import { type Line } from './read-lines.ts'

/** What became of a line. */
export type Outcome =
  | { readonly type: 'acknowledged'; readonly line: Line; readonly response: unknown }
  | {
      readonly type: 'dead'
      readonly line: Line
      /** Absent if the line is not JSON. */
      readonly payload?: unknown
      readonly error: Error
      readonly attempts: number
      /** True if the channel or the socket has failed permanently: the next line would fail the same way. */
      readonly fatal: boolean
    }

export interface Delivery {
  readonly socket: PhoenixSocket
  readonly channel: Channel
  readonly event: string
  /** Makes the payload of a line. Throws `SyntaxError`. */
  readonly read: (text: string) => unknown
  /** False: hand it over and do not wait for a reply. */
  readonly reply: boolean
  /** How often a push that failed is tried again. */
  readonly pushRetries: number
  /** True: never push again what may have arrived. */
  readonly atMostOnce: boolean
  readonly onRetry: () => void
  /** Emits when there is no more time: pushes in flight become dead letters. A late subscriber gets it too. */
  readonly givenUp$: Observable<unknown>
}

/** The command was asked to end while a line was in flight. */
class Interrupted extends Error {
  override readonly name = 'Interrupted'

  constructor(readonly sent: boolean) {
    super(
      sent
        ? 'The command was ended before the answer came, so it is unknown whether the server took the line.'
        : 'The command was ended before the line was sent.',
    )
  }
}

/** Bytes that may wait in the socket. More is not handed over, or memory would be the queue. */
const MAX_BUFFERED_BYTES = 1_000_000
const LOOK_AGAIN_MS = 5

/**
 * Pushes one line, again if that may help, and emits the outcome. Waits for the join as long as that takes, so that
 * a server that is away for a while costs time and no lines. Never errors.
 */
export const deliver = (line: Line, delivery: Delivery): Observable<Outcome> => {
  const { channel, event, reply, pushRetries, onRetry, givenUp$ } = delivery
  let payload: unknown
  try {
    payload = delivery.read(line.text)
  } catch (error) {
    return of({ type: 'dead', line, error: error as SyntaxError, attempts: 0, fatal: false })
  }
  const joined$ = channel.pipe(
    // Not first: a channel that is closed in between completes, and the push then joins it again.
    filter(({ status }) => status === 'joined'),
    take(1),
    ignoreElements(),
  )
  const once$ = reply
    ? channel.push(event, payload)
    : concat(channel.send(event, payload), roomFor(delivery.socket)).pipe(
        count(),
        map(() => undefined),
      )
  let attempts = 0
  /** Whether the server may have the line: by an earlier attempt, or by the one that is under way. */
  let sentBefore = false
  let sent = false
  const dead = (error: Error, fatal: boolean): Outcome => ({
    type: 'dead',
    line,
    payload,
    error,
    attempts,
    fatal,
  })
  const delivered$ = concat(
    joined$,
    defer(() => {
      attempts += 1
      sent = true
      return once$
    }),
  ).pipe(
    retry({
      count: pushRetries,
      delay: (error: PushError, failures) => {
        if (!mayHelp(error, delivery.atMostOnce)) return throwError(() => error)
        sentBefore = sent = sentBefore || !('sent' in error) || error.sent
        onRetry()
        return timer(Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures))
      },
    }),
    map((response): Outcome => ({ type: 'acknowledged', line, response })),
    catchError((error: PushError) => of(dead(error, !isOfThePush(error)))),
  )
  return race(delivered$, givenUp$.pipe(map(() => dead(new Interrupted(sent), false)))).pipe(take(1))
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5_000

/** What the server refused it will refuse again, and what cannot be carried stays so. */
const mayHelp = (error: PushError, atMostOnce: boolean): boolean => {
  switch (error._tag) {
    case 'ConnectionLost':
    case 'PushTimeout':
    case 'ChannelCrashed':
      return !(atMostOnce && error.sent)
    default:
      return false
  }
}

/** Of this one push, and not of the channel or the socket. */
const isOfThePush = ({ _tag }: PushError): boolean =>
  _tag === 'ConnectionLost' ||
  _tag === 'PushTimeout' ||
  _tag === 'ChannelCrashed' ||
  _tag === 'PushRefused' ||
  _tag === 'InvalidPayload'

const roomFor = (socket: PhoenixSocket): Observable<never> => {
  const isRoom = (): boolean => {
    const { state } = socket
    return state.status !== 'open' || state.connection.bufferedAmount < MAX_BUFFERED_BYTES
  }
  return defer(() => (isRoom() ? EMPTY : interval(LOOK_AGAIN_MS).pipe(first(isRoom), ignoreElements())))
}
