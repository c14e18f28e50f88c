import { concat, finalize, ignoreElements, map, merge, type Observable } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { feed, fileCheckpoint, processWith } from 'rx-phoenix/durable'
import { type Earthquake, type FeedContract, type ReportsContract } from './contract.ts'
import { decodeEarthquake } from './decode-earthquake.ts'
import { describeState } from './describe-state.ts'

// The stream processor: `job.ts URL CHECKPOINT MAGNITUDE`. It counts each earthquake and raises an alert for each strong
// one, and ends when the server closes the feed. Kill it at any moment and start it again: it continues where it was.
const [url = '', checkpoint = '', alertFromMag = '5'] = process.argv.slice(2)

const socket = phoenixSocket(url)
const reports = socket.channel<ReportsContract>('reports:quakes')
const quakes$ = feed<FeedContract, 'quake', Earthquake>(socket, {
  topic: 'feed:earthquakes',
  event: 'quake',
  decode: decodeEarthquake,
  cursor: ({ id }) => id,
  params: (cursor) => ({ last_seen_id: cursor === undefined ? null : `${cursor}` }),
  checkpoint: fileCheckpoint(checkpoint),
  saveEveryMs: 100, // at most this much is delivered again after a kill
})

/** Runs again after a lost connection, and after a kill: the server recognizes the id as a key that it has taken. */
const report = (quake: Earthquake): Observable<unknown> => {
  const payload = { ...quake, idempotency_key: quake.id }
  const counted$ = reports.push('count', payload)
  return quake.mag < Number(alertFromMag) ? counted$ : concat(counted$, reports.push('alert', payload))
}

const states = merge(
  socket.pipe(map((state) => `socket  ${describeState(state)}`)),
  quakes$.state$.pipe(map((state) => `feed    ${describeState(state)}`)),
  reports.pipe(ignoreElements()), // stays joined between two pushes
).subscribe((line) => {
  console.log(line)
})

quakes$
  .pipe(
    processWith(report),
    finalize(() => {
      states.unsubscribe()
    }),
  )
  .subscribe()
