import { type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs'

/** A scheduler that counts the timers that are set and have neither fired nor been cleared. */
export const countingScheduler = (
  scheduler: SchedulerLike,
): SchedulerLike & { readonly pending: () => number } => {
  const set: Set<object> = new Set()
  return {
    now: () => scheduler.now(),
    schedule<T>(
      work: (this: SchedulerAction<T>, state?: T) => void,
      delayMs?: number,
      state?: T,
    ): Subscription {
      const timer = {}
      set.add(timer)
      const subscription = scheduler.schedule<T>(
        function (this: SchedulerAction<T>, given?: T) {
          set.delete(timer)
          work.call(this, given)
        },
        delayMs,
        state,
      )
      subscription.add(() => set.delete(timer))
      return subscription
    },
    pending: () => set.size,
  }
}
