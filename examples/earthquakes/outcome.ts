import { type Timestamp } from 'rxjs'
import { type DayStatistics } from './daily-statistics.ts'
import { type Report } from './watch-earthquakes.ts'

/** From the loss of the connection until the feed was joined again. */
export interface Outage {
  readonly cause: string
  readonly attempts: number
  readonly lastedMs: number
}

/** What came of the job, as the client has seen it. */
export interface Outcome {
  /** Ids, in order of arrival. */
  readonly seen: readonly string[]
  /** Ids, in order of acknowledgement. */
  readonly acknowledged: readonly string[]
  readonly days: readonly DayStatistics[]
  readonly outages: readonly Outage[]
}

/** Sums up all reports of the job. */
export const outcomeOf = (reports: readonly Timestamp<Report>[]): Outcome => ({
  seen: reports.flatMap(({ value }) => (value.type === 'seen' ? [value.quake.id] : [])),
  acknowledged: reports.flatMap(({ value }) => (value.type === 'acknowledged' ? [value.id] : [])),
  days: reports.flatMap(({ value }) => (value.type === 'day' ? [value.day] : [])),
  outages: outagesOf(reports),
})

const outagesOf = (reports: readonly Timestamp<Report>[]): readonly Outage[] => {
  const outages: Outage[] = []
  let lost: { readonly cause: string; readonly at: number; attempts: number } | undefined
  for (const { value, timestamp } of reports) {
    if (value.type === 'socket' && value.state.status === 'waiting')
      lost ??= { cause: value.state.cause._tag, at: timestamp, attempts: 0 }
    else if (lost && value.type === 'socket' && value.state.status === 'connecting') lost.attempts += 1
    else if (lost && value.type === 'feed' && value.state.status === 'joined') {
      const { cause, at, attempts } = lost
      outages.push({ cause, attempts, lastedMs: timestamp - at })
      lost = undefined
    }
  }
  return outages
}
