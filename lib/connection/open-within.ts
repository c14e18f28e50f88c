import { type MonoTypeOperatorFunction, Observable, tap, type Unsubscribable } from 'rxjs'
import { ConnectTimeout } from '../protocol/connection-error.ts'
import { type ConnectionState } from './connection-state.ts'
import { type TimeLimits } from './time-limits.ts'

/**
 * Errors with `ConnectTimeout` if the connection does not open in time. Each `connecting` restarts the time limit.
 *
 *     states      c--c--o------c----
 *     openWithin  c--c--o------c----#
 */
export const openWithin =
  (timeoutMs: number, limits: TimeLimits): MonoTypeOperatorFunction<ConnectionState> =>
  (states$) =>
    new Observable((subscriber) => {
      let limit: Unsubscribable | undefined
      subscriber.add(() => limit?.unsubscribe())
      const limited = tap<ConnectionState>(({ status }) => {
        limit?.unsubscribe()
        if (status === 'connecting')
          limit = limits(timeoutMs, () => {
            subscriber.error(new ConnectTimeout(timeoutMs))
          })
      })
      states$.pipe(limited).subscribe(subscriber)
    })
