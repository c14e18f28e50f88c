import {
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  repeat,
  startWith,
  type SchedulerLike,
  switchMap,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs'
import { HeartbeatTimeout } from '../protocol/connection-error.ts'
import { HEARTBEAT, PHOENIX_TOPIC } from '../protocol/event.ts'
import { request } from './request.ts'
import { traced } from './trace.ts'
import { type Wire } from './wire.ts'

const LONGEST_PROBE_MS = 5_000
/** A timer that fires later than this was delayed on our side, which proves nothing about the server. */
const LATE_MS = 1_000

/** How long the reply to a probe may take: min(heartbeat interval, 5 s). */
export const probeDeadlineMs = (intervalMs: number): number =>
  Math.min(intervalMs || LONGEST_PROBE_MS, LONGEST_PROBE_MS)

/**
 * One heartbeat: emits its round trip in ms and completes. Errors with `HeartbeatTimeout` if the server is silent until the
 * deadline. A deadline that passes late leads to a probe instead. The deadline of that probe counts, late or not: otherwise a
 * dead connection would be probed forever in a tab where every timer is late.
 *
 *     reply    -----
 *     silence  ----s
 *     beat     ----#
 *
 * @param onTimeMs - how late a deadline may pass and still count.
 */
export const beat = (wire: Wire, deadlineMs: number, onTimeMs: number = LATE_MS): Observable<number> =>
  defer(() => {
    const { settings, trace } = wire.context
    const sentAt = settings.scheduler.now()
    return merge(
      request(wire, { topic: PHOENIX_TOPIC, event: HEARTBEAT }).pipe(
        // The clock may have been set back.
        map(() => Math.max(0, settings.scheduler.now() - sentAt)),
        tap((latencyMs) => {
          wire.measured(latencyMs)
        }),
      ),
      silence(wire, deadlineMs).pipe(
        mergeMap((lateMs) =>
          lateMs > onTimeMs
            ? beat(wire, probeDeadlineMs(deadlineMs), Infinity)
            : throwError(() => new HeartbeatTimeout(deadlineMs)),
        ),
      ),
    ).pipe(take(1), traced(trace, { type: 'heartbeat', connectionId: wire.id }))
  })

/**
 * Keeps a connection alive and notices when it is dead. The next heartbeat is scheduled from the reply to the last, so
 * that a chain of throttled timers cannot pile up. A wake-up sends a probe with a short deadline. Emits nothing, never
 * completes, errors with `HeartbeatTimeout`.
 */
export const heartbeats = (wire: Wire): Observable<never> => {
  const { heartbeatIntervalMs: intervalMs, scheduler, wake } = wire.context.settings
  const probeMs = probeDeadlineMs(intervalMs)
  const regular$ =
    intervalMs === 0
      ? NEVER
      : lateness(intervalMs, scheduler).pipe(
          // Late: the machine may have slept, and the connection may be long gone.
          switchMap((lateMs) =>
            lateMs > LATE_MS || wire.link.heartbeat !== false
              ? beat(wire, lateMs > LATE_MS ? probeMs : intervalMs).pipe(ignoreElements())
              : // It stood for an interval, which is what a reply would have shown.
                EMPTY.pipe(finalize(wire.proved)),
          ),
          repeat(),
        )
  if (wake === EMPTY) return regular$
  return defer(() => {
    let probing = false
    const probe$ = defer(() => {
      probing = true
      return beat(wire, probeMs).pipe(ignoreElements())
    }).pipe(finalize(() => (probing = false)))
    return wake.pipe(
      // A page wakes with several events together; while one probe is out another would only put its deadline off.
      filter(() => !probing),
      map(() => probe$),
      startWith(EMPTY),
      // switchMap: a probe replaces the heartbeat that waits, and the regular beat starts anew after it.
      switchMap((first$) => concat(first$, regular$)),
    )
  })
}

/** How often within a deadline bytes are looked for. */
const LOOKS = 4

/** Waits, and emits by how much the timer was late, as on a machine that slept or in a throttled tab. */
const lateness = (delayMs: number, scheduler: SchedulerLike): Observable<number> =>
  defer(() => {
    const dueAt = scheduler.now() + delayMs
    return timer(delayMs, scheduler).pipe(map(() => scheduler.now() - dueAt))
  })

/**
 * Once the server has been silent for so long: emits by how much the timer was late. Each sign of life restarts the time: a
 * frame, and bytes that went out or came in, since the answer to a heartbeat queues behind a large frame. While a join is
 * under way the time rests, since the server answers nothing else until that join is done. It goes on where it stood, so that
 * joins that a dead server does not answer cannot postpone the deadline forever.
 */
const silence = (wire: Wire, deadlineMs: number): Observable<number> =>
  defer(() => {
    const { scheduler } = wire.context.settings
    let { bufferedAmount, bytesReceived } = wire.link
    let leftMs = deadlineMs
    let countedAt = scheduler.now()
    const heard = (): void => {
      leftMs = deadlineMs
      countedAt = scheduler.now()
    }
    const count = (): void => {
      const now = scheduler.now()
      // Below 0 after the clock was set back; the rest is below 0 after a sleep: then it passes immediately, but late.
      leftMs -= Math.max(0, now - countedAt)
      countedAt = now
    }
    const look = (): void => {
      const alive = wire.link.bufferedAmount < bufferedAmount || wire.link.bytesReceived !== bytesReceived
      ;({ bufferedAmount, bytesReceived } = wire.link)
      if (alive) heard()
      else count()
    }
    const wait$ = defer(() => {
      // Bytes raise no event, so they are looked for, a few times.
      const looks = wire.link.bufferedAmount > 0 || wire.link.bytesReceived !== undefined
      return lateness(looks ? Math.min(leftMs, deadlineMs / LOOKS) : leftMs, scheduler)
    }).pipe(
      tap(look),
      repeat(),
      filter(() => leftMs <= 0),
    )
    return merge(
      wire.frames$.pipe(tap(heard), ignoreElements()),
      wire.turns.busy$.pipe(
        // switchMap: a join stops the clock.
        switchMap((resting) => {
          if (resting) return NEVER
          countedAt = scheduler.now()
          return wait$.pipe(finalize(count))
        }),
      ),
    ).pipe(take(1))
  })
