import { DEV } from '../../protocol/dev.ts'
import {
  asyncScheduler,
  catchError,
  debounceTime,
  defer,
  EMPTY,
  exhaustMap,
  interval,
  map,
  merge,
  type Observable,
  startWith,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
} from 'rxjs'
import { ConnectionClosed, ConnectionFailed, ConnectTimeout } from '../../protocol/connection-error.ts'
import { InvalidArgument } from '../../protocol/invalid-argument.ts'
import { dial, NO_LINK_EVENT } from '../dial.ts'
import { firstWithin } from '../time-limit.ts'
import { type Link, type LinkEvent, type Transport, type TransportTarget } from '../transport.ts'
import { fallbackMemory } from './fallback-memory.ts'
import { checkFallbackOptions, type FallbackOptions } from './fallback-options.ts'
import { onceItCarries } from './once-it-carries.ts'

/** Too slow, or unable to carry what the secondary may carry: another attempt would be no better. */
const AT_ONCE: ReadonlySet<unknown> = new Set(['ConnectTimeout', 'InputFailed'])
/** A timer that fires later than this was delayed on our side, and proves nothing about the primary. */
const LATE_MS = 1_000
/** If no frame has passed for this long, a change of transport disturbs nobody. */
const QUIET_MS = 1_000

/**
 * A transport that uses the secondary where the primary does not come through, and goes back when it does:
 * `withFallback(webSocketTransport(), longPollTransport())`.
 *
 * - An attempt opens the primary, which **works once a frame has arrived through it**: a heartbeat requests one, and until then
 *   the attempt is `connecting`. If it does not work within `afterMs`, or fails `failures` times in a row, or cannot carry
 *   the inputs (a token that no sub-protocol can hold), the secondary is tried **in the same attempt**. To be cut before
 *   the first frame is to fail, like an opening without a link. Fewer failures are those of the attempt: the socket waits
 *   by its policy and tries the primary again. An `afterMs` that passes late, as on a machine that slept or in a throttled
 *   tab, is one failure and no more. If the secondary fails too, its error is that of the attempt, and the next attempt
 *   begins with the primary.
 * - The end of a connection that worked is never a reason to fall back, whatever it was, and a primary that works begins the
 *   count anew. Nor is it one that the socket gave up (unsubscribed, `connectTimeoutMs`).
 * - Once the secondary is open, this is **remembered** for `remember.forMs`: attempts until then begin with it
 *   immediately. Each fallback sets the time once; connections of it do not prolong it. In the storage it is written only if
 *   the primary has never worked in the life of this transport, for then it is the network and not the moment. A
 *   secondary that does not open, though remembered, is forgotten.
 * - While the secondary is open the primary is **probed** every `recheckAfterMs`: a connection is opened, asked for one
 *   frame, and closed. If it works (within `afterMs`) the fallback is forgotten, and the link ends with `ConnectionClosed`
 *   (code 1000) as soon as no frame has passed for a second, so that the socket comes back over the primary, and no push
 *   that waits for a quick answer is lost. A link that is never quiet stays until it ends by itself.
 *
 * What is remembered and counted belongs to the transport that is returned; sockets that share it share this too.
 * Errors are those of the two transports. Unsubscribing closes whichever is open or opening, a probe included.
 *
 * @throws `InvalidArgument` for an option that cannot work.
 */
export const withFallback = (
  primary: Transport,
  secondary: Transport,
  options: FallbackOptions = {},
): Transport => {
  if (DEV)
    for (const [name, transport] of Object.entries({ primary, secondary }))
      if (typeof transport !== 'function')
        throw new InvalidArgument(
          `withFallback.${name}`,
          transport,
          'pass a transport, such as webSocketTransport().',
        )
  checkFallbackOptions(options)
  const { afterMs = 4_000, failures = 2, recheckAfterMs = 60_000, scheduler = asyncScheduler } = options
  const memory = fallbackMemory(options.remember ?? {}, scheduler)
  let failed = 0
  let everWorked = false
  const primaryWorks = (url: string): void => {
    failed = 0
    everWorked = true
    memory.forget(url)
  }

  const dialled = (target: TransportTarget, withinMs: number): Observable<LinkEvent> =>
    dial(primary, target).pipe(
      onceItCarries(target),
      firstWithin(withinMs, scheduler, (limitMs) => throwError(() => new ConnectTimeout(limitMs))),
    )

  const onPrimary = (target: TransportTarget): Observable<LinkEvent> =>
    defer(() => {
      const dueAt = scheduler.now() + afterMs
      let works = false
      return dialled(target, afterMs).pipe(
        tap((event) => {
          if (event.type !== 'open') return
          works = true
          primaryWorks(target.url)
        }),
        catchError((cause: unknown) => {
          if (works) return throwError(() => cause)
          failed += 1
          const late = scheduler.now() - dueAt > LATE_MS
          if (failed < failures && (late || !AT_ONCE.has(tagOf(cause)))) return throwError(() => cause)
          return onSecondary(target, () => {
            memory.keep(target.url, !everWorked)
          })
        }),
      )
    })

  const onSecondary = (target: TransportTarget, opened: () => void): Observable<LinkEvent> =>
    defer(() => {
      const activity$ = new Subject<void>()
      const active = (): void => {
        activity$.next()
      }
      let open = false
      const link$ = dial(secondary, target).pipe(
        map((event): LinkEvent => {
          if (event.type === 'frame') return event
          if (!(event.link as Link | undefined)) throw new ConnectionFailed(NO_LINK_EVENT)
          open = true
          opened()
          return { type: 'open', link: watched(event.link, active) }
        }),
        tap({
          next: active,
          error: () => {
            if (!open) memory.forget(target.url)
          },
        }),
      )
      // Before the link, whose first activity is that it opens.
      return merge(wayBack(target, activity$), link$)
    })

  /** Tries the primary now and then; when it works, ends the link at the next moment of quiet. */
  const wayBack = (target: TransportTarget, activity$: Observable<void>): Observable<never> => {
    if (recheckAfterMs === 0) return EMPTY
    // Given up at the next at the latest; taking one event closes it again.
    const probe$ = dialled(target, Math.min(afterMs, recheckAfterMs)).pipe(
      take(1),
      catchError(() => EMPTY),
    )
    return activity$.pipe(
      take(1),
      switchMap(() => interval(recheckAfterMs, scheduler)),
      exhaustMap(() => probe$),
      take(1),
      tap(() => {
        primaryWorks(target.url)
      }),
      switchMap(() => activity$.pipe(startWith(undefined), debounceTime(QUIET_MS, scheduler))),
      map(() => {
        throw new ConnectionClosed({ code: 1000, reason: 'the primary transport works', wasClean: true })
      }),
    )
  }

  return (target) =>
    defer(() => (memory.isKept(target.url) ? onSecondary(target, () => undefined) : onPrimary(target)))
}

/** A link that reports when it is used. */
const watched = (link: Link, used: () => void): Link => ({
  send: (frame) => {
    used()
    link.send(frame)
  },
  get bufferedAmount() {
    return link.bufferedAmount
  },
  get bytesReceived() {
    return link.bytesReceived
  },
  nextTask: link.nextTask,
  ...(link.heartbeat === false && { heartbeat: false }),
})

/** By its tag, since a transport may come with another copy of the library. */
const tagOf = (cause: unknown): unknown => (cause as { readonly _tag?: unknown } | undefined)?._tag
