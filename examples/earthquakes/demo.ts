import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  filter,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  Subject,
  takeUntil,
  tap,
  throwError,
  timestamp,
  toArray,
} from 'rxjs'
import { dailyStatistics } from './daily-statistics.ts'
import { interrupted$ } from './interrupted.ts'
import { jobProcess } from './job-process.ts'
import { outcomeOf } from './outcome.ts'
import { type Progress } from './progress.ts'
import { expectedOf, prove } from './prove.ts'
import { type Report } from './report.ts'
import { earthquakeLog } from './server/earthquake-log.ts'
import { feedServer } from './server/feed-server.ts'
import { showReports } from './show-report.ts'
import { summary } from './summary.ts'

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

/** Runs the job against a server of its own, cuts its connection and kills it, and proves what it did. */
export const demo = async (
  { replayMs, awayMs, dropEvery }: DemoOptions,
  progress: Progress,
): Promise<DemoResult> => {
  const log = await earthquakeLog()
  const expected = expectedOf(log, ALERT_FROM_MAG)
  const [cutAt, killAt] = [1 / 3, 2 / 3].map(
    (share) => expected.alerts[Math.floor(share * expected.alerts.length)],
  )

  const reports$ = new Subject<Report>()
  const tell = (report: Report): void => {
    reports$.next(report)
  }
  const server = await feedServer({
    log: dropEvery === 0 ? log : log.filter((_, i) => (i + 1) % dropEvery !== 0),
    replayMs,
    tell,
    beforeAnswer: async (id) => {
      if (id === cutAt) {
        tell({ type: 'trouble', trouble: 'cut' })
        server.goAway(awayMs)
      } else if (id === killAt) {
        tell({ type: 'trouble', trouble: 'kill -9' })
        await job.kill()
      }
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'earthquakes-'))
  const job = jobProcess(server.url, join(folder, 'checkpoint.json'), `${ALERT_FROM_MAG}`)

  const lines$ = job.lines$.pipe(
    map((text): Report => ({ type: 'line', text })),
    tap({
      complete: () => {
        reports$.complete()
      },
    }),
  )
  const days$ = reports$.pipe(
    filter((report) => report.type === 'counted'),
    map(({ quake }) => quake),
    dailyStatistics(),
    map((day): Report => ({ type: 'day', day })),
  )
  try {
    const outcome = outcomeOf(
      await lastValueFrom(
        merge(reports$, days$, lines$).pipe(
          tap(showReports(progress, log.length)),
          timestamp(),
          takeUntil(stopped$),
          toArray(),
        ),
      ),
    )
    const problems = prove(outcome, expected)
    return { text: summary(outcome, expected, problems), problems }
  } finally {
    progress.end()
    await server.close()
    await rm(folder, { recursive: true })
  }
}

const stopped$: Observable<never> = interrupted$.pipe(mergeMap(() => throwError(() => new Interrupted())))
