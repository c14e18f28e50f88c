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
  type SchedulerLike,
  startWith,
  switchMap,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs'
import { HeartbeatTimeout } from '../protocol/connection-error.ts'
import { HEARTBEAT, PHOENIX_TOPIC } from '../protocol/event.ts'
import { request } from './request.ts'
import { signsOfLife } from './signs-of-life.ts'
import { told } from './trace.ts'
import { type Wire } from './wire.ts'

const LONGEST_PROBE_MS = 5_000
/** A timer that fires later than this was held up on our side, and says nothing of the server. */
const LATE_MS = 1_000
/** How often within a deadline bytes are looked for. */
const LOOKS = 4

/** How long the reply to a probe may take: min(heartbeat interval, 5 s). */
export const probeDeadlineMs = (intervalMs: number): number =>
  intervalMs === 0 ? LONGEST_PROBE_MS : Math.min(intervalMs, LONGEST_PROBE_MS)

export interface HeartbeatOptions {
  /** From one reply to the next heartbeat, and the deadline of a reply. 0: no heartbeats of its own. */
  readonly intervalMs: number
  /** Each value sends a probe at once. */
  readonly wake$: Observable<unknown>
  readonly scheduler: SchedulerLike
}

/**
 * One heartbeat: its round trip in ms, then complete. Errors with `HeartbeatTimeout` if the server is silent until the
 * deadline. A deadline that passes late leads to a probe and not to a declared death; that of the probe counts, late or
 * not, lest a dead connection be probed for ever in a tab where every timer is late.
 *
 * @param onTimeMs - how late a deadline may pass and still count.
 */
export const beat = (
  wire: Wire,
  deadlineMs: number,
  scheduler: SchedulerLike,
  onTimeMs: number = LATE_MS,
): Observable<number> =>
  defer(() => {
    const sentAt = scheduler.now()
    const reply$ = request(wire, { topic: PHOENIX_TOPIC, event: HEARTBEAT, payload: {}, joinRef: () => null })
    return merge(
      reply$.pipe(
        // The clock may have been set back.
        map(() => Math.max(0, scheduler.now() - sentAt)),
        tap((latencyMs) => {
          wire.proved()
          wire.measured(latencyMs)
        }),
      ),
      silence(wire, deadlineMs, scheduler).pipe(
        mergeMap((lateMs) =>
          lateMs > onTimeMs
            ? beat(wire, probeDeadlineMs(deadlineMs), scheduler, Infinity)
            : throwError(() => new HeartbeatTimeout(deadlineMs)),
        ),
      ),
    ).pipe(take(1), told(wire.trace, { type: 'heartbeat', connectionId: wire.id }))
  })

/**
 * Once the server has been silent for so long: by how much the timer was late. Each sign of life begins the time anew. While
 * a join is under way it rests, since the server answers nothing until that join is done; it goes on where it stood and
 * does not begin anew, lest joins that a dead server does not answer put the deadline off for ever.
 */
const silence = (wire: Wire, deadlineMs: number, scheduler: SchedulerLike): Observable<number> =>
  defer(() => {
    const busy = signsOfLife(wire)
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
    const wait$ = defer(() => {
      // Bytes show no event, so they are looked for, a few times.
      const looks = wire.bufferedAmount > 0 || wire.bytesReceived !== undefined
      return lateness(looks ? Math.min(leftMs, deadlineMs / LOOKS) : leftMs, scheduler)
    }).pipe(
      tap(() => {
        if (busy()) heard()
        else count()
      }),
      repeat(),
      filter(() => leftMs <= 0),
    )
    return merge(
      wire.heard$.pipe(tap(heard), ignoreElements()),
      wire.joining.busy$.pipe(
        // switchMap: a join stops the clock.
        switchMap((resting) => {
          if (resting) return NEVER
          countedAt = scheduler.now()
          return wait$.pipe(finalize(count))
        }),
      ),
    ).pipe(take(1))
  })

/** Waits, and gives by how much the timer was late, as on a machine that slept or in a throttled tab. */
const lateness = (delayMs: number, scheduler: SchedulerLike): Observable<number> =>
  defer(() => {
    const dueAt = scheduler.now() + delayMs
    return timer(delayMs, scheduler).pipe(map(() => scheduler.now() - dueAt))
  })

/**
 * Keeps a connection alive and notices when it is dead. The next heartbeat is scheduled from the reply to the last, so
 * that a chain of throttled timers cannot pile up. A wake-up sends a probe with a short deadline. Emits round trips,
 * never completes, errors with `HeartbeatTimeout`.
 */
export const heartbeats = (
  wire: Wire,
  { intervalMs, wake$, scheduler }: HeartbeatOptions,
): Observable<number> => {
  const probeMs = probeDeadlineMs(intervalMs)
  const regular$ =
    intervalMs === 0
      ? NEVER
      : lateness(intervalMs, scheduler).pipe(
          // Late: the machine may have slept, and the connection may be long gone.
          switchMap((lateMs) =>
            lateMs > LATE_MS || wire.needsHeartbeats
              ? beat(wire, lateMs > LATE_MS ? probeMs : intervalMs, scheduler)
              : // It stood for an interval, which is what a reply would have shown.
                EMPTY.pipe(finalize(wire.proved)),
          ),
          repeat(),
        )
  return defer(() => {
    let probing = false
    const probe$ = defer(() => {
      probing = true
      return beat(wire, probeMs, scheduler)
    }).pipe(finalize(() => (probing = false)))
    return wake$.pipe(
      // A page wakes with several events at once; while one probe is out another would only put its deadline off.
      filter(() => !probing),
      map(() => probe$),
      startWith(EMPTY),
      // switchMap: a probe replaces the heartbeat that waits, and the regular beat begins anew behind it.
      switchMap((first$) => concat(first$, regular$)),
    )
  })
}
