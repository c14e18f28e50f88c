import { type DayStatistics, total } from './daily-statistics.ts'
import { count, table } from './format.ts'
import { type Outcome } from './outcome.ts'
import { type Expected } from './prove.ts'

/** The summary for people. All its numbers are counted; `problems` says whether they are right. */
export const summary = (outcome: Outcome, expected: Expected, problems: readonly string[]): string =>
  [
    table([
      ['day', ' events', ' mean', ' max', 'top regions: events (mean magnitude)'],
      ...outcome.days.map(row),
    ]),
    '',
    `events   ${once(outcome.counted)}, ${expected.events.length.toLocaleString('en-US')} in the data`,
    `alerts   ${once(outcome.alerted)}, ${expected.alerts.length} in the data`,
    ...outcome.outages.map(
      ({ trouble, lastedMs, again }) =>
        `${trouble.padEnd(7)}  the next event was counted after ${lastedMs.toLocaleString('en-US')} ms; ` +
        `${count(again, 'push', 'pushes')} came again and changed nothing`,
    ),
    '',
    ...(problems.length === 0
      ? ['OK: every event was counted once and every alert was raised once, in spite of a cut and a kill.']
      : ['WRONG:', ...problems.map((text) => `- ${text}`)]),
  ].join('\n')

const once = (ids: readonly string[]): string => {
  const repeated = ids.length - new Set(ids).size
  return `${ids.length.toLocaleString('en-US')}, ${repeated === 0 ? 'each once' : `${repeated} of them again`}`
}

const row = (day: DayStatistics): readonly string[] => {
  const { count: events, meanMag, maxMag } = total(day)
  const top = day.regions
    .slice(0, 3)
    .map((region) => `${region.region} ${region.count} (${region.meanMag.toFixed(1)})`)
  return [day.day, `${events}`, meanMag.toFixed(2), maxMag.toFixed(1), top.join(', ')]
}
