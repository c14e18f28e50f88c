import { type SchedulerLike, Subscription } from 'rxjs'

/** A scheduler that notes for how long timers are set, and fires none. Virtual time would wait for longer than real timers can. */
export const notedDelays = (): SchedulerLike & { readonly delays: readonly (number | undefined)[] } => {
  const delays: (number | undefined)[] = []
  return {
    now: () => 0,
    schedule: (_work: unknown, delayMs?: number): Subscription => {
      delays.push(delayMs)
      return Subscription.EMPTY
    },
    delays,
  }
}
