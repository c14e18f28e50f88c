import { type IncomingMessage } from 'node:http'
import {
  catchError,
  EMPTY,
  from,
  last,
  map,
  type Observable,
  scan,
  type SchedulerLike,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs'
import { ConnectionRefused } from '../protocol/connection-error.ts'

const MAX_BODY_CHARACTERS = 1000
/** How long the body of a refusal is waited for; the status is what counts. */
const BODY_TIMEOUT_MS = 500

/** The body with which a server refused an upgrade, as much of it as comes in time: one value, then complete; never errors. */
export const refusal = (
  response: IncomingMessage,
  scheduler: SchedulerLike,
): Observable<ConnectionRefused> => {
  const refusedWith = (body: string): ConnectionRefused =>
    new ConnectionRefused({
      status: response.statusCode ?? 0,
      body: body === '' ? undefined : body.slice(0, MAX_BODY_CHARACTERS),
      retryAfterMs: retryAfterMs(response.headers['retry-after']),
    })
  return from(response.setEncoding('utf8') as AsyncIterable<string>).pipe(
    scan((body, chunk) => body + chunk, ''),
    takeWhile((body) => body.length < MAX_BODY_CHARACTERS, true),
    map(refusedWith),
    // The connection went away while the body was read.
    catchError(() => EMPTY),
    takeUntil(timer(BODY_TIMEOUT_MS, scheduler)),
    last(null, refusedWith('')),
  )
}

/** `retry-after` holds seconds, or a date, which is left out: our clock may differ from the server's. */
export const retryAfterMs = (header: string | null | undefined): number | undefined => {
  const seconds = Number(header ?? undefined)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}
