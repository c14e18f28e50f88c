import { catchError, defer, finalize, from, map, mergeMap, type Observable, of } from 'rxjs'
import { ConnectionRefused } from '../protocol/connection-error.ts'
import { type ProbeResponse, type ProbeSettings } from './probe-options.ts'
import { retryAfterMs } from './refusal.ts'
import { firstWithin } from './time-limit.ts'

/** One request of a probe. */
export interface ProbeRequest {
  readonly path: 'websocket' | 'longpoll'
  readonly address: string
  readonly authToken: string | undefined
}

/**
 * Asks once why a connection does not open: the refusal, or undefined if nothing answered or the answer proves none.
 * One value, then complete; never errors. Unsubscribing aborts the request.
 */
export const probe = (
  { path, address, authToken }: ProbeRequest,
  { fetch: send, timeoutMs, scheduler }: ProbeSettings,
): Observable<ConnectionRefused | undefined> =>
  defer(() => {
    const abort = new AbortController()
    const byToken = path === 'longpoll' && authToken !== undefined
    return from(
      send(address, {
        cache: 'no-store',
        // A WebSocket does not follow redirects either.
        redirect: 'manual',
        signal: abort.signal,
        ...(byToken ? { headers: { 'x-phoenix-authtoken': authToken } } : {}),
      }),
    ).pipe(
      mergeMap((response) =>
        path === 'longpoll' ? ofLongPoll(response) : of(ofWebSocket(response, authToken !== undefined)),
      ),
      firstWithin(timeoutMs, scheduler, () => of(undefined)),
      finalize(() => {
        abort.abort() // also the body that nobody reads
      }),
    )
  }).pipe(
    // No server, or one that does not allow this origin: a page cannot tell which.
    catchError(() => of(undefined)),
  )

/**
 * The answer that an upgrade would have got: Phoenix calls `connect` before it looks whether the request is an upgrade at all,
 * which it then answers with status 400, others with 426 (recording `connect_refused`).
 */
const ofWebSocket = (response: ProbeResponse, withoutToken: boolean): ConnectionRefused | undefined => {
  const { status } = response
  if (status < 400 || status === 400 || status === 426) return undefined
  // The token could not travel, so a refusal for lack of one proves nothing.
  if (withoutToken && (status === 401 || status === 403)) return undefined
  return refused(status, response)
}

/**
 * The answer of long polling: HTTP status 200 whatever happens, and the one that counts in the body, 410 for a session that
 * was opened (recording `longpoll_refused`). 404: the socket has no long polling.
 */
const ofLongPoll = (response: ProbeResponse): Observable<ConnectionRefused | undefined> =>
  from(response.text()).pipe(
    map((text) => {
      if (response.status >= 400)
        return response.status === 404 ? undefined : refused(response.status, response)
      const { status } = JSON.parse(text) as { readonly status?: unknown }
      return typeof status === 'number' && status >= 400 && status !== 410
        ? refused(status, response)
        : undefined
    }),
  )

const refused = (status: number, { headers }: ProbeResponse): ConnectionRefused =>
  new ConnectionRefused({ status, retryAfterMs: retryAfterMs(headers.get('retry-after')) })
