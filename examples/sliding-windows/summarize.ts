import { concatMap, type Observable, of, retry, throwError } from 'rxjs'
import { type PhoenixSocket, type PushError } from 'rx-phoenix'
import { type ActivityContract, type FeedContract, type Quake, type WindowSummary } from './contract.ts'
import { slidingWindows, type Windowed, type WindowOptions } from './sliding-windows.ts'

const HOUR_MS = 3_600_000

/** The activity of six hours, every hour. */
export const WINDOWS: WindowOptions<Quake> = {
  timeOf: ({ time }) => time,
  lengthMs: 6 * HOUR_MS,
  everyMs: HOUR_MS,
  latenessMs: HOUR_MS / 2,
}

/** Pushes each window, and each correction, back to the server. Completes when the feed is closed and all is answered. */
export const summarize = (socket: PhoenixSocket): Observable<object> => {
  const activity = socket.channel<ActivityContract>('activity:quakes')

  const tell = (windowed: Windowed<Quake>): Observable<object> =>
    windowed.type === 'window'
      ? activity.push('window', summaryOf(windowed))
      : activity.push('correct', { id: windowed.value.id, missed: windowed.missed })

  return socket
    .channel<FeedContract>('feed:quakes')
    .on('quake')
    .pipe(
      slidingWindows(WINDOWS),
      // concatMap: one after the other, so that no correction overtakes its window.
      concatMap((windowed) => tell(windowed).pipe(retry({ delay: onlyIfLost }))),
    )
}

const summaryOf = ({ from, to, values }: Extract<Windowed<Quake>, { type: 'window' }>): WindowSummary => ({
  from,
  to,
  count: values.length,
  maxMag: Math.max(...values.map(({ mag }) => mag)),
})

/** To tell a window twice is harmless, since the server knows it by its beginning. */
const onlyIfLost = (error: PushError): Observable<unknown> =>
  error._tag === 'ConnectionLost' ? of('again') : throwError(() => error)
