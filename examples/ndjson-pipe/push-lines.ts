import {
  catchError,
  defer,
  EMPTY,
  from,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  repeat,
  retry,
  throwError,
} from 'rxjs'
import { type Channel, type PushError } from 'rx-phoenix'

export type Outcome =
  | { readonly type: 'acknowledged'; readonly line: number; readonly reply: unknown }
  | { readonly type: 'dead'; readonly line: number; readonly text: string; readonly reason: string }

/** The part of an iterator of lines that is used. */
export interface Lines {
  next(): Promise<IteratorResult<string, unknown>>
}

const ATTEMPTS = 3

/**
 * Pushes each line, `concurrency` of them at a time. A line is taken when one before it is done, so the memory stays
 * bounded however long the input is, and who writes it has to wait: `from(lines)` with `mergeMap` would read it all.
 *
 * A push that was lost on its way is pushed again, so `event` must be one that may come twice. What cannot be delivered
 * is a dead letter, and never the end of the stream.
 */
export const pushLines = (
  lines: Lines,
  channel: Channel,
  event: string,
  concurrency: number,
): Observable<Outcome> =>
  defer(() => {
    let taken = 0
    let more = true
    const worker$ = defer(() => from(lines.next())).pipe(
      mergeMap((next) => {
        if (next.done !== true) return deliver(next.value, ++taken, channel, event)
        more = false
        return EMPTY
      }),
      repeat({ delay: () => (more ? of(true) : EMPTY) }),
    )
    return merge(...Array.from({ length: concurrency }, () => worker$))
  })

const deliver = (text: string, line: number, channel: Channel, event: string): Observable<Outcome> => {
  const dead = (error: unknown): Observable<Outcome> =>
    of({ type: 'dead', line, text, reason: error instanceof Error ? error.message : String(error) })
  let payload: unknown
  try {
    payload = JSON.parse(text)
  } catch (error) {
    return dead(error)
  }
  return channel.push(event, payload).pipe(
    retry({ count: ATTEMPTS - 1, delay: onlyIfLost }),
    map((reply): Outcome => ({ type: 'acknowledged', line, reply })),
    catchError(dead),
  )
}

const onlyIfLost = (error: PushError): Observable<unknown> =>
  error._tag === 'ConnectionLost' || error._tag === 'PushTimeout' || error._tag === 'ChannelCrashed'
    ? of('again')
    : throwError(() => error)
