import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  of,
  range,
  repeat,
  takeWhile,
  tap,
} from 'rxjs'
import { type PhoenixSocket, presence } from '../../lib/index.ts'
import { liveState } from '../../lib/live-state/index.ts'
import { type Random } from '../support/random.ts'

/** What the load has done so far. */
export interface Counters {
  joins: number
  pushes: number
  failed: number
  events: number
}

const TOPICS = 200
const DATA = 'x'.repeat(100)

/** One visit to a topic: joins it, or finds it joined by another visit, pushes a few times, listens, and leaves. */
const visit = (
  socket: PhoenixSocket,
  live: PhoenixSocket,
  random: Random,
  counters: Counters,
): Observable<unknown> =>
  defer(() => {
    const kind = random.next()
    if (kind < 0.05) return presenceVisit(socket, random, counters)
    if (kind < 0.1) return liveVisit(live, random, counters)
    const room = socket.channel(`room:soak-${random.between(1, TOPICS)}`)
    const pushes$ = range(random.between(1, 10)).pipe(
      mergeMap((n) =>
        room.push(random.chance(0.2) ? 'broadcast' : 'echo', { n, data: DATA }).pipe(
          tap(() => (counters.pushes += 1)),
          failing(counters),
        ),
      ),
    )
    return merge(
      room.on('broadcasted').pipe(
        tap(() => (counters.events += 1)),
        ignoreElements(),
      ),
      room.pipe(
        tap(({ status }) => (counters.joins += status === 'joined' ? 1 : 0)),
        ignoreElements(),
      ),
      concat(pushes$.pipe(ignoreElements()), of('done')),
    ).pipe(takeWhile((value) => value !== 'done'))
  }).pipe(failing(counters))

const presenceVisit = (socket: PhoenixSocket, random: Random, counters: Counters): Observable<unknown> => {
  const key = `user-${random.between(1, 50)}`
  const channel = socket.channel(`presence:soak-${random.between(1, 20)}-${key}`, {
    params: { key, meta: {} },
  })
  return presence(channel).pipe(
    tap(() => (counters.events += 1)),
    takeWhile((presences) => !presences.has(key)),
  )
}

const liveVisit = (socket: PhoenixSocket, random: Random, counters: Counters): Observable<unknown> => {
  const channel = socket.channel(`todos:soak-${random.between(1, 20)}`)
  const live = liveState<{ readonly count: number }>(channel, { dialect: 'live-state' })
  const sent$ = range(5).pipe(mergeMap(() => live.dispatch('inc')))
  return merge(live, sent$).pipe(
    tap(() => (counters.events += 1)),
    takeWhile(({ count }) => count < 5),
  )
}

const failing =
  (counters: Counters) =>
  (source$: Observable<unknown>): Observable<unknown> =>
    source$.pipe(
      catchError(() => {
        counters.failed += 1
        return EMPTY
      }),
    )

/** So many visits at a time, one after the other, for ever. */
export const load = (
  sockets: { readonly main: PhoenixSocket; readonly live: PhoenixSocket },
  atATime: number,
  random: Random,
  counters: Counters,
): Observable<never> =>
  range(atATime).pipe(
    mergeMap((i) => visit(sockets.main, sockets.live, random.fork(i), counters).pipe(repeat())),
    ignoreElements(),
  )
