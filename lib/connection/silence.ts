import {
  defer,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  NEVER,
  type Observable,
  repeat,
  type SchedulerLike,
  switchMap,
  take,
  tap,
  timer,
} from 'rxjs'
import { type Wire } from './wire.ts'

/** How often within a deadline bytes are looked for. */
const LOOKS = 4

/** Waits, and emits by how much the timer was late, as on a machine that slept or in a throttled tab. */
export const lateness = (delayMs: number, scheduler: SchedulerLike): Observable<number> =>
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
export const silence = (wire: Wire, deadlineMs: number): Observable<number> =>
  defer(() => {
    const { scheduler } = wire.context.settings
    let { bufferedAmount, bytesReceived } = wire
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
      const alive = wire.bufferedAmount < bufferedAmount || wire.bytesReceived !== bytesReceived
      ;({ bufferedAmount, bytesReceived } = wire)
      if (alive) heard()
      else count()
    }
    const wait$ = defer(() => {
      // Bytes raise no event, so they are looked for, a few times.
      const looks = wire.bufferedAmount > 0 || wire.bytesReceived !== undefined
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
