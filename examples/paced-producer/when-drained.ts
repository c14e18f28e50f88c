import {
  asyncScheduler,
  defer,
  filter,
  interval,
  map,
  type Observable,
  of,
  type SchedulerLike,
  take,
} from 'rxjs'
import { type ConnectionState } from 'rx-phoenix'

const LOOK_EVERY_MS = 2

/** How many bytes have been handed over and not yet sent. None while there is no connection: what is sent then waits. */
export const bufferedAmount = (state: ConnectionState): number =>
  state.status === 'open' ? state.connection.bufferedAmount : 0

/**
 * Emits once when less than so many bytes wait to be sent, at once if it is so. Nothing tells when a socket has drained,
 * neither in browsers nor here, so it is looked at now and again.
 */
export const whenDrained = (
  socket: { readonly state: ConnectionState },
  belowBytes: number,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<void> =>
  defer(() => {
    const drained = (): boolean => bufferedAmount(socket.state) < belowBytes
    return drained()
      ? of(undefined)
      : interval(LOOK_EVERY_MS, scheduler).pipe(
          filter(drained),
          take(1),
          map(() => undefined),
        )
  })
