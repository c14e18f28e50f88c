import { DEV } from '../protocol/dev.ts'
import { identity, type Observable, type OperatorFunction, type SchedulerLike, timeout } from 'rxjs'
import { checked } from '../protocol/checked.ts'
import { heldDelay } from '../protocol/max-delay.ts'

/** A limit in ms that may be longer than timers can hold; Infinity: none. */
export const timeLimit = (argument: string, ms: number): number =>
  !DEV ? ms : checked(typeof ms === 'number' && ms > 0, argument, ms, 'pass milliseconds, more than 0.')

/** `timeout` for the first value. Infinity sets no timer, and what is longer than a timer can hold is cut to that. */
export const firstWithin = <A, B>(
  ms: number,
  scheduler: SchedulerLike,
  late: (limitMs: number) => Observable<B>,
): OperatorFunction<A, A | B> => {
  if (ms === Infinity) return identity
  const limitMs = heldDelay(ms)
  return timeout({ first: limitMs, scheduler, with: () => late(limitMs) })
}
