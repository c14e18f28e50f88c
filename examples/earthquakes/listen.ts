import {
  connect,
  count,
  endWith,
  fromEvent,
  ignoreElements,
  lastValueFrom,
  map,
  merge,
  takeUntil,
  tap,
} from 'rxjs'
import { exponentialBackoff, fullJitter, phoenixSocket, type SocketError, stopOn } from 'rx-phoenix'
import { describeState } from './describe-state.ts'
import { interrupted$ } from './interrupted.ts'
import { type Progress } from './progress.ts'

export interface ListenOptions {
  readonly url: string
  readonly topic: string
  readonly event: string | undefined
  readonly params: unknown
}

/**
 * Prints what a channel sends, one line of JSON each, until the server closes it, the reader of our output goes away or
 * somebody presses Ctrl-C. Gives the number of messages.
 */
export const listen = async (
  { url, topic, event, params }: ListenOptions,
  output: NodeJS.WriteStream,
  progress: Progress,
): Promise<number> => {
  const socket = phoenixSocket(url, { reconnect: stopOn(isHopeless)(fullJitter(exponentialBackoff())) })
  const channel = socket.channel(topic, { params })
  const messages$ =
    event === undefined
      ? channel.messages$.pipe(map(({ event, payload }) => ({ event, payload: printable(payload) })))
      : channel.on(event).pipe(map(printable))
  const states$ = merge(
    socket.pipe(map((state) => `${url}  ${describeState(state)}`)),
    channel.pipe(map((state) => `${topic}  ${describeState(state)}`)),
  ).pipe(
    tap((text) => {
      progress.line(text)
    }),
    ignoreElements(),
  )
  // As in `… | head`: the reader has seen enough.
  const readerGone$ = fromEvent(output, 'error')
  return lastValueFrom(
    messages$.pipe(
      connect((shared$) =>
        merge(states$.pipe(takeUntil(shared$.pipe(ignoreElements(), endWith('over')))), shared$),
      ),
      tap((message) => {
        output.write(`${JSON.stringify(message)}\n`)
      }),
      takeUntil(merge(interrupted$, readerGone$)),
      count(),
    ),
  )
}

/** A server that answers, and says no, will say so again: the address is wrong, or we are not let in. */
const isHopeless = (cause: SocketError): boolean =>
  cause._tag === 'ConnectionRefused' && cause.status < 500 && cause.status !== TOO_MANY_REQUESTS

const TOO_MANY_REQUESTS = 429

/** JSON has no bytes. */
const printable = (payload: unknown): unknown =>
  payload instanceof ArrayBuffer ? { base64: Buffer.from(payload).toString('base64') } : payload
