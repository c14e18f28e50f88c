import {
  asyncScheduler,
  firstValueFrom,
  merge,
  Observable,
  type SchedulerLike,
  throwError,
  throwIfEmpty,
  timeout,
} from 'rxjs'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { MAX_DELAY_MS } from '../transport/max-delay.ts'
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
  { timeoutMs, signal, scheduler = asyncScheduler }: AwaitOptions,
  { late, ended }: Failures,
): Promise<A> => {
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0))
    throw new InvalidArgument('timeoutMs', timeoutMs, 'pass milliseconds, more than 0.')
  // A timer that was given more would fire at once.
  const limitMs =
    timeoutMs === undefined || timeoutMs === Infinity ? undefined : Math.min(timeoutMs, MAX_DELAY_MS)
  const value$ = source$.pipe(throwIfEmpty(ended))
  const inTime$ =
    limitMs === undefined
      ? value$
      : value$.pipe(timeout({ first: limitMs, scheduler, with: () => throwError(() => late(limitMs)) }))
  // The signal first: one that is aborted already must not connect anything.
  return firstValueFrom(signal ? merge(abortOf(signal), inTime$) : inTime$)
}

/** Errors when the signal is aborted, and says nothing else. */
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
