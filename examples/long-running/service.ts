import {
  connect,
  defer,
  endWith,
  finalize,
  ignoreElements,
  map,
  merge,
  type Observable,
  takeUntil,
} from 'rxjs'
import {
  type ConnectionState,
  defaultReconnect,
  phoenixSocket,
  stopAfterRefusals,
  whenJoined,
} from 'rx-phoenix'
import { tokenKeeper } from './token-keeper.ts'

export type Happening =
  | { readonly type: 'ready' }
  | { readonly type: 'socket'; readonly state: ConnectionState }
  | { readonly type: 'tick'; readonly n: number }

interface Clock {
  readonly events: { readonly tick: { readonly n: number } }
}

const REFUSALS_IN_A_ROW = 3
const READY_WITHIN_MS = 10_000

/**
 * A service that listens to a clock, until `stop$` emits or the server closes the channel. It is ready when it has joined
 * for the first time, or fails; afterwards it comes back from everything but three refusals in a row.
 */
export const service = (
  url: string,
  fetchToken: () => Promise<string>,
  stop$: Observable<unknown>,
): Observable<Happening> =>
  defer(() => {
    const keeper = tokenKeeper(fetchToken)
    const socket = phoenixSocket(url, {
      authToken: keeper.token,
      reconnect: stopAfterRefusals(REFUSALS_IN_A_ROW)(keeper.renewing(defaultReconnect)),
    })
    const clock = socket.channel<Clock>('clock:utc')
    // A Promise goes on when nobody waits for it any more, and would hold the channel: the signal ends it.
    const stopped = new AbortController()
    const ready$ = defer(() =>
      whenJoined(clock, { timeoutMs: READY_WITHIN_MS, signal: stopped.signal }),
    ).pipe(map((): Happening => ({ type: 'ready' })))
    const ticks$ = clock.on('tick').pipe(map(({ n }): Happening => ({ type: 'tick', n })))
    return ticks$.pipe(
      connect((shared$) => {
        const over$ = shared$.pipe(ignoreElements(), endWith('over'))
        const states$ = socket.pipe(map((state): Happening => ({ type: 'socket', state })))
        return merge(states$.pipe(takeUntil(over$)), shared$, ready$)
      }),
      // The only thing there is to shut down: the last unsubscribe leaves the channel and closes with 1000.
      takeUntil(stop$),
      finalize(() => {
        stopped.abort()
      }),
    )
  })
