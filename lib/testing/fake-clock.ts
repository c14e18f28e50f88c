import { type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs'

/** A scheduler whose clock can be set and whose timers can be held up, for the option `scheduler`. */
export interface FakeClock extends SchedulerLike {
  /**
   * Moves the clock by this many ms, forward or back, and leaves running timers alone: what a machine sees that
   * slept, since its timers stood still meanwhile, and one whose clock was corrected.
   */
  jump(ms: number): void
  /** Timers set from now on fire only at whole multiples of this many ms, as in a hidden tab. 0: on time again. */
  throttle(ms: number): void
}

/**
 * A clock that goes wrong on demand. Runs on another scheduler, such as that of a marble test: `fakeClock(scheduler)`.
 */
export const fakeClock = (scheduler: SchedulerLike): FakeClock => {
  let aheadMs = 0
  let stepMs = 0
  const heldUp = (delayMs: number): number => {
    if (stepMs === 0) return delayMs
    const dueAt = scheduler.now() + delayMs
    return Math.ceil(dueAt / stepMs) * stepMs - scheduler.now()
  }
  return {
    now: () => scheduler.now() + aheadMs,
    schedule: <T>(
      work: (this: SchedulerAction<T>, state?: T) => void,
      delayMs = 0,
      state?: T,
    ): Subscription => scheduler.schedule(work, heldUp(delayMs), state),
    jump: (ms) => {
      aheadMs += ms
    },
    throttle: (ms) => {
      stepMs = ms
    },
  }
}
