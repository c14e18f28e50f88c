import { isRight } from 'fp-ts/lib/Either.js'
import {
  concatMap,
  connect,
  endWith,
  filter,
  ignoreElements,
  map,
  merge,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  retry,
  takeUntil,
  throwError,
} from 'rxjs'
import {
  type ChannelState,
  type ConnectionState,
  type Message,
  type PhoenixSocket,
  type PushError,
} from 'rx-phoenix'
import { type AlertsContract, type Earthquake, type FeedContract } from './contract.ts'
import { dailyStatistics, type DayStatistics } from './daily-statistics.ts'
import { decodeEarthquake } from './decode-earthquake.ts'

/** What the job tells while it runs. */
export type Report =
  | { readonly type: 'seen'; readonly quake: Earthquake }
  | { readonly type: 'acknowledged'; readonly id: string }
  | { readonly type: 'day'; readonly day: DayStatistics }
  | { readonly type: 'socket'; readonly state: ConnectionState }
  | { readonly type: 'feed'; readonly state: ChannelState<FeedContract> }
  | { readonly type: 'alerts'; readonly state: ChannelState<AlertsContract> }

/**
 * Joins the feed, sums it up by day and region, and raises an alert for each strong event. Cold; completes when the
 * server closes the feed and the last alert is acknowledged. Lost connections show as states and end nothing.
 */
export const watchEarthquakes = (socket: PhoenixSocket, alertFromMag: number): Observable<Report> => {
  const feed = socket.channel<FeedContract>('feed:earthquakes', {
    // Evaluated at every join: at the first there is no last message, after an outage we go on where we were.
    params: ({ lastMessage }) => ({ last_seen_id: idOf(lastMessage) }),
  })
  const alerts = socket.channel<AlertsContract>('alerts:quakes')

  const raise = ({ id, mag, place }: Earthquake): Observable<Report> =>
    alerts.push('raise', { id, mag, place }).pipe(
      retry({ delay: onlyIfLost }),
      map((reply): Report => ({ type: 'acknowledged', id: reply.id })),
    )

  const states$: Observable<Report> = merge(
    socket.pipe(map((state): Report => ({ type: 'socket', state }))),
    feed.pipe(map((state): Report => ({ type: 'feed', state }))),
    // Keeps `alerts` joined between one alert and the next.
    alerts.pipe(map((state): Report => ({ type: 'alerts', state }))),
  )

  return feed.on('quake', decodeEarthquake).pipe(
    // connect: three readers, one subscription.
    connect((quakes$) =>
      merge(
        quakes$.pipe(map((quake): Report => ({ type: 'seen', quake }))),
        quakes$.pipe(
          dailyStatistics(),
          map((day): Report => ({ type: 'day', day })),
        ),
        quakes$.pipe(
          filter(({ mag }) => mag >= alertFromMag),
          concatMap(raise), // in order, and the next alert only when this one is acknowledged
        ),
      ),
    ),
    meanwhile(states$),
  )
}

const idOf = (message: Message | undefined): string | null => {
  const quake = decodeEarthquake(message?.payload)
  return isRight(quake) ? quake.right.id : null
}

/**
 * When the connection is lost with an alert on its way, nobody knows whether it arrived. To raise it again is safe,
 * since the server knows it by its id; the retry waits by itself until the channel is joined again.
 */
const onlyIfLost = (error: PushError): Observable<unknown> =>
  error._tag === 'ConnectionLost' || error._tag === 'PushTimeout' ? of('again') : throwError(() => error)

/** Merges what another stream says, for as long as the source runs. */
const meanwhile =
  <A>(other$: Observable<A>): MonoTypeOperatorFunction<A> =>
  (source$) =>
    source$.pipe(
      connect((shared$) => {
        const over$ = shared$.pipe(ignoreElements(), endWith('over'))
        return merge(other$.pipe(takeUntil(over$)), shared$)
      }),
    )
