import { filter, type Observable } from 'rxjs'
import { type ConnectionState } from '../connection/connection-state.ts'
import { AwaitTimeout } from './await-timeout.ts'
import { awaited, type AwaitOptions } from './awaited.ts'
import { stream } from '../connection/checks.ts'
import { lastCause } from './last-cause.ts'

type Open = Extract<ConnectionState, { readonly status: 'open' }>

/**
 * Resolves with the state of a socket when it is open, immediately if it is open already. Rejects with the `ConnectionError` with which its
 * policy stopped, with `AwaitTimeout`, or with the reason of the signal.
 *
 * It is a subscriber until then and no longer: if it was the only one, the socket closes (after `lingerMs`). Subscribe to
 * what is to be kept, or let the socket linger.
 */
export const whenOpen = (socket: Observable<ConnectionState>, options: AwaitOptions = {}): Promise<Open> => {
  const failed = lastCause<ConnectionState>()
  return awaited(
    stream('socket', socket).pipe(
      failed.noted,
      filter((state): state is Open => state.status === 'open'),
    ),
    options,
    {
      late: (timeoutMs) =>
        new AwaitTimeout({ awaited: 'the socket to open', timeoutMs, cause: failed.cause() }),
      ended: () => new Error('the socket ended'),
    },
  )
}
