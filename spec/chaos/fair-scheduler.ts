import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs'
import { fairNow } from './fair-clock.ts'

/**
 * Timers on the fair clock. The times of the clients are short: where a process is let run a twentieth of the time, no
 * handshake is over within them, and each attempt that is given up costs what the next one lacks.
 */
export const fairScheduler: SchedulerLike = {
  now: fairNow,
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delayMs = 0, state?: T): Subscription {
    const dueAt = fairNow() + delayMs
    return asyncScheduler.schedule<T>(
      function (this: SchedulerAction<T>, given?: T) {
        const leftMs = dueAt - fairNow()
        // Not for a fraction, which would be a turn of the event loop.
        if (leftMs >= 1) this.schedule(given, leftMs)
        else work.call(this, given)
      },
      delayMs,
      state,
    )
  },
}
