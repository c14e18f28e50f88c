import {
  catchError,
  defer,
  last,
  mergeMap,
  type Observable,
  of,
  ReplaySubject,
  share,
  throwError,
} from 'rxjs'
import { type ConnectionError, type ConnectionRefused, isUnexplained } from '../protocol/connection-error.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { addressOf } from './address.ts'
import { probe } from './probe.ts'
import { type ProbeOptions, probeSettings } from './probe-options.ts'
import { type Transport, type TransportTarget } from './transport.ts'

/** A probe that was made, or is being made. */
interface Probed {
  readonly at: number
  readonly address: string
  readonly authToken: string | undefined
  readonly refusal$: Observable<ConnectionRefused | undefined>
}

/**
 * A transport that finds out over HTTP whether a server refused a WebSocket or was not there, which a browser does not
 * tell: when a connection could not be opened and nobody knows why, the same endpoint is asked once with `fetch`. If it
 * refuses, the attempt fails with `ConnectionRefused` and its status, so that `stopAfterRefusals` and `stopOn` can act on
 * it; else with `ConnectionFailed`, as without a probe. On Node with `ws`, where the status is seen, nothing is asked.
 *
 * The probe is made at most once in `everyMs`. Its result is reused meanwhile for attempts with the same address, params and
 * token; attempts with others pass unprobed. It is a part of the attempt, so `connectTimeoutMs` covers it, and it is
 * aborted with it.
 *
 * A page of another origin can read the status only if the server's answer allows that origin (CORS). Phoenix's long-poll
 * endpoint does; its WebSocket endpoint does not, and there the probe finds nothing. The header `retry-after` is seen by
 * pages of the same origin. A probe by long polling opens a session on a server that accepts, which ends by itself.
 *
 * @throws `InvalidArgument` if `transport` is not a function, or for an option that cannot work.
 */
export const probeRefusal = (transport: Transport, options: ProbeOptions = {}): Transport => {
  if (DEV)
    checked(
      typeof transport === 'function',
      'transport',
      transport,
      'pass the transport to wrap, such as webSocketTransport().',
    )
  const settings = probeSettings(options)
  let latest: Probed | undefined

  const refusalOf = (target: TransportTarget): Observable<ConnectionRefused | undefined> => {
    const { authToken } = target
    const path = settings.path ?? (authToken === undefined ? 'websocket' : 'longpoll')
    const address = addressOf(target, path).replace(/^ws/, 'http')
    const now = settings.scheduler.now()
    const ageMs = latest ? now - latest.at : Infinity
    // Below 0: from before the clock was set back, so its age is unknown.
    if (!latest || ageMs < 0 || ageMs >= settings.everyMs)
      latest = { at: now, address, authToken, refusal$: once(probe({ path, address, authToken }, settings)) }
    return latest.address === address && latest.authToken === authToken ? latest.refusal$ : of(undefined)
  }

  return (target) =>
    transport(target).pipe(
      catchError((cause: ConnectionError) => {
        if (!isUnexplained(cause)) return throwError(() => cause)
        return defer(() => refusalOf(target)).pipe(
          catchError(() => of(undefined)), // inputs that make no address
          last(), // lest the error, which unsubscribes, gives a probe up that has just been answered
          mergeMap((refusal) => throwError(() => refusal ?? cause)),
        )
      }),
    )
}

/** Runs once for all that wait; if all of them unsubscribe, it has no result. */
const once = <A>(source$: Observable<A>): Observable<A | undefined> => {
  let begun = false
  return defer(() => {
    if (begun) return of(undefined)
    begun = true
    return source$
  }).pipe(share({ connector: () => new ReplaySubject<A | undefined>(1), resetOnComplete: false }))
}
