import {
  asyncScheduler,
  firstValueFrom,
  merge,
  Observable,
  type SchedulerLike,
  throwError,
  throwIfEmpty,
} from 'rxjs'
import { firstWithin, timeLimit } from '../transport/time-limit.ts'
import { type AwaitTimeout } from './await-timeout.ts'

/** Options of `whenOpen`, `whenJoined` and `nextMessage`. */
export interface AwaitOptions {
  /** Milliseconds after which the Promise rejects with `AwaitTimeout`, at most 24.8 days. Infinity: never. Default: none. */
  readonly timeoutMs?: number
  /** Aborting it ends the wait: the Promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal
  /** For the time above. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/** What to reject with. */
interface Failures {
  readonly late: (timeoutMs: number) => AwaitTimeout
  readonly ended: () => unknown
}

/** The first value of a stream as a Promise. Subscribes at the call, and unsubscribes before the Promise settles. */
export const awaited = <A>(
  source$: Observable<A>,
  { timeoutMs = Infinity, signal, scheduler = asyncScheduler }: AwaitOptions,
  { late, ended }: Failures,
): Promise<A> => {
  const inTime$ = source$.pipe(
    throwIfEmpty(ended),
    firstWithin(timeLimit('timeoutMs', timeoutMs), scheduler, (limitMs) => throwError(() => late(limitMs))),
  )
  // The signal first: one that is aborted already must not connect anything.
  return firstValueFrom(signal ? merge(abortOf(signal), inTime$) : inTime$)
}

/** Errors when the signal is aborted; emits nothing. */
const abortOf = (signal: AbortSignal): Observable<never> =>
  new Observable((subscriber) => {
    const abort = (): void => {
      subscriber.error(signal.reason)
    }
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    return () => {
      signal.removeEventListener('abort', abort)
    }
  })
