import { auditTime, defer, map, merge, type Observable, of, tap } from 'rxjs'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { duration } from '../connection/checks.ts'
import { Counters, type Metrics } from './counters.ts'
import { insideOf } from './inside-of.ts'
import { traceEvents } from './trace-events.ts'

/** Options of `metrics`. */
export interface MetricsOptions {
  /** The least time between two values, in ms, on the scheduler of the socket. Default: 1,000. */
  readonly everyMs?: number
}

/**
 * Counts what a socket does: connections, frames, joins, pushes by outcome, heartbeats, drops and failures, with quantiles
 * of latencies that are off by at most 1 percent.
 *
 * Cold: each subscription counts on its own, from zero, and sees nothing of before, such as pushes that were on their way.
 * The first value comes immediately, later ones only after something has happened, at most one in `everyMs`; no timer runs
 * while nothing happens. Does not connect. Never completes or errors; counting ends with the unsubscribe. A socket of
 * nobody asks for metrics or a trace does no work for them. Throws `InvalidArgument` if the socket is not one made by
 * `phoenixSocket`.
 */
export const metrics = (
  socket: PhoenixSocket,
  { everyMs = 1_000 }: MetricsOptions = {},
): Observable<Metrics> => {
  duration('everyMs', everyMs)
  const { context, connections } = insideOf(socket)
  const { scheduler } = context.settings
  return defer(() => {
    const open = connections.all.filter(({ state }) => state.status === 'open')
    const counters = new Counters(
      scheduler.now(),
      open.map(({ number }) => number),
    )
    const counted$ = traceEvents(context.trace, scheduler).pipe(
      tap((event) => {
        counters.add(event)
      }),
      auditTime(everyMs, scheduler),
    )
    // The first value last: a subscriber may connect when it gets it, which has to be counted.
    return merge(counted$, of(0)).pipe(map(() => counters.shown(scheduler.now())))
  })
}
