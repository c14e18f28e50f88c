import { type Timestamp } from 'rxjs'
import { type DayStatistics } from './daily-statistics.ts'
import { type Report, type Trouble } from './report.ts'

/** A connection that was cut, or a process that was killed. */
export interface Outage {
  readonly trouble: Trouble
  /** Until the next event was counted, in milliseconds. */
  readonly lastedMs: number
  /** How many events had been counted before. */
  readonly after: number
  /** How many pushes came again until then. */
  readonly again: number
}

/** What came of the job, as the server wrote it down. */
export interface Outcome {
  /** Ids, in the order in which they were counted. */
  readonly counted: readonly string[]
  /** Ids, in the order in which alerts were raised. */
  readonly alerted: readonly string[]
  readonly days: readonly DayStatistics[]
  readonly outages: readonly Outage[]
}

/** Sums up all reports of the job. */
export const outcomeOf = (reports: readonly Timestamp<Report>[]): Outcome => {
  const counted: string[] = []
  const alerted: string[] = []
  const days: DayStatistics[] = []
  const outages: Outage[] = []
  /** Pushes that have come, less those that were new. */
  let again = 0
  let open: { readonly trouble: Trouble; readonly at: number; readonly again: number } | undefined
  for (const { value: report, timestamp } of reports)
    switch (report.type) {
      case 'received':
        again += 1
        break
      case 'counted':
        again -= 1
        if (open) {
          const { trouble, at } = open
          outages.push({
            trouble,
            lastedMs: timestamp - at,
            after: counted.length,
            again: again - open.again,
          })
          open = undefined
        }
        counted.push(report.quake.id)
        break
      case 'alerted':
        again -= 1
        alerted.push(report.id)
        break
      case 'day':
        days.push(report.day)
        break
      case 'trouble':
        open = { trouble: report.trouble, at: timestamp, again }
        break
      case 'line':
    }
  return { counted, alerted, days, outages }
}
