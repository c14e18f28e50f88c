import { lastValueFrom, mergeMap, takeUntil, tap, throwError, timestamp, toArray } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { type Earthquake } from './contract.ts'
import { interrupted$ } from './interrupted.ts'
import { outcomeOf } from './outcome.ts'
import { type Progress } from './progress.ts'
import { expectedOf, prove } from './prove.ts'
import { earthquakeLog } from './server/earthquake-log.ts'
import { feedServer } from './server/feed-server.ts'
import { showReports } from './show-report.ts'
import { summary } from './summary.ts'
import { watchEarthquakes } from './watch-earthquakes.ts'

export interface DemoOptions {
  readonly replayMs: number
  readonly awayMs: number
  /** Every how many events the feed leaves one out; 0: never. */
  readonly dropEvery: number
}

export interface DemoResult {
  readonly text: string
  readonly problems: readonly string[]
}

/** Ctrl-C, before there was a result. */
export class Interrupted extends Error {}

const ALERT_FROM_MAG = 5

/** Runs the job against a server of its own, and proves what it did. */
export const demo = async (
  { replayMs, awayMs, dropEvery }: DemoOptions,
  progress: Progress,
): Promise<DemoResult> => {
  const log = await earthquakeLog()
  const expected = expectedOf(log, ALERT_FROM_MAG)
  const server = await feedServer({
    log: dropEvery === 0 ? log : log.filter((_, i) => (i + 1) % dropEvery !== 0),
    replayMs,
    goAwayAt: alertInTheMiddle(log),
    awayMs,
  })
  try {
    const reports = await lastValueFrom(
      watchEarthquakes(phoenixSocket(server.url), ALERT_FROM_MAG).pipe(
        tap(showReports(progress)),
        timestamp(),
        takeUntil(interrupted$.pipe(mergeMap(() => throwError(() => new Interrupted())))),
        toArray(),
      ),
    )
    const outcome = outcomeOf(reports)
    const problems = prove(outcome, server.alerts, expected)
    return { text: summary(outcome, server.alerts, expected, problems), problems }
  } finally {
    progress.end()
    await server.close()
  }
}

/** The strong event that is nearest to the middle of the week. */
const alertInTheMiddle = (log: readonly Earthquake[]): string | undefined => {
  const fromMiddle = (quake: Earthquake): number => Math.abs(log.indexOf(quake) - log.length / 2)
  return log
    .filter(({ mag }) => mag >= ALERT_FROM_MAG)
    .reduce<Earthquake | undefined>(
      (nearest, quake) => (nearest && fromMiddle(nearest) <= fromMiddle(quake) ? nearest : quake),
      undefined,
    )?.id
}
