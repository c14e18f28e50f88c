import { type Earthquake } from './contract.ts'
import { total } from './daily-statistics.ts'
import { count } from './format.ts'
import { type Outcome } from './outcome.ts'
import { type Trouble } from './report.ts'

/** What must have happened, by the data file. */
export interface Expected {
  /** Ids, in order of time. */
  readonly events: readonly string[]
  readonly alerts: readonly string[]
}

export const expectedOf = (log: readonly Earthquake[], alertFromMag: number): Expected => ({
  events: log.map(({ id }) => id),
  alerts: log.filter(({ mag }) => mag >= alertFromMag).map(({ id }) => id),
})

/** Compares what the server wrote down with what must have happened. Empty if all is right. */
export const prove = (outcome: Outcome, expected: Expected): readonly string[] => {
  const { counted, alerted, days, outages } = outcome
  const inDays = days.reduce((sum, day) => sum + total(day).count, 0)
  const never = (trouble: Trouble, what: string): readonly string[] =>
    outages.some((outage) => outage.trouble === trouble) ? [] : [`${what}, so nothing is proved about that`]
  return [
    ...differences('events counted', counted, expected.events),
    ...differences('alerts raised', alerted, expected.alerts),
    ...(inDays === counted.length
      ? []
      : [`the days add up to ${count(inDays, 'event')} instead of ${counted.length}`]),
    ...never('cut', 'the connection was never cut'),
    ...never('kill -9', 'the job was never killed'),
    ...(outages.every(({ trouble, again, after }) => trouble === 'cut' || again < after)
      ? []
      : ['the job began anew after it was killed, instead of continuing at its checkpoint']),
  ]
}

/** What is missing, was not expected, came twice, or came in another order. */
const differences = (
  what: string,
  found: readonly string[],
  expected: readonly string[],
): readonly string[] => {
  const times: Map<string, number> = new Map()
  for (const id of found) times.set(id, (times.get(id) ?? 0) + 1)
  const known = new Set(expected)
  const problems = [
    problem(
      'missing',
      expected.filter((id) => !times.has(id)),
    ),
    problem(
      'unexpected',
      [...times.keys()].filter((id) => !known.has(id)),
    ),
    problem(
      'more than once',
      [...times].filter(([, n]) => n > 1).map(([id]) => id),
    ),
  ].filter((text) => text !== undefined)
  const inOrder = found.every((id, i) => id === expected[i])
  if (problems.length === 0 && !inOrder) problems.push('in another order than they happened')
  return problems.map((text) => `${what}: ${text}`)
}

const problem = (kind: string, ids: readonly string[]): string | undefined =>
  ids.length === 0
    ? undefined
    : `${ids.length.toLocaleString('en-US')} ${kind} (${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''})`
