import { type DayStatistics, total } from './daily-statistics.ts'
import { count, table } from './format.ts'
import { type Outcome } from './outcome.ts'
import { type Expected } from './prove.ts'
import { type AlertLedger } from './server/alerts-channel.ts'

/** The summary for people. All its numbers are counted; `problems` says whether they are right. */
export const summary = (
  outcome: Outcome,
  ledger: AlertLedger,
  expected: Expected,
  problems: readonly string[],
): string => {
  const received = [...ledger.values()].reduce((sum, alert) => sum + alert.received, 0)
  const once = (ids: readonly string[]): string => of(ids, ids.length - new Set(ids).size)
  return [
    table([
      ['day', ' events', ' mean', ' max', 'top regions: events (mean magnitude)'],
      ...outcome.days.map(row),
    ]),
    '',
    `events   ${once(outcome.seen)}, ${expected.events.length.toLocaleString('en-US')} in the data`,
    `alerts   ${once(outcome.acknowledged)}, ${expected.alerts.length} in the data; ` +
      `the server has ${ledger.size} on record and received ${received}`,
    ...outcome.outages.map(
      ({ cause, attempts, lastedMs }) =>
        `outage   ${cause}; feed joined again after ${lastedMs} ms and ${count(attempts, 'attempt')}`,
    ),
    '',
    ...(problems.length === 0
      ? ['OK: every event seen once, every alert acknowledged once, in spite of the outage.']
      : ['WRONG:', ...problems.map((text) => `- ${text}`)]),
  ].join('\n')
}

const of = (ids: readonly string[], repeated: number): string =>
  `${ids.length.toLocaleString('en-US')}, ${repeated === 0 ? 'each once' : `${repeated} of them again`}`

const row = (day: DayStatistics): readonly string[] => {
  const { count: events, meanMag, maxMag } = total(day)
  const top = day.regions
    .slice(0, 3)
    .map((region) => `${region.region} ${region.count} (${region.meanMag.toFixed(1)})`)
  return [day.day, `${events}`, meanMag.toFixed(2), maxMag.toFixed(1), top.join(', ')]
}
