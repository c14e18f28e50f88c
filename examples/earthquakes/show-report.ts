import { total } from './daily-statistics.ts'
import { describeState } from './describe-state.ts'
import { count } from './format.ts'
import { type Progress } from './progress.ts'
import { type Report } from './watch-earthquakes.ts'

/** Shows each report as it passes. Counts for itself, since the proof must not rest on what is shown. */
export const showReports = (progress: Progress): ((report: Report) => void) => {
  const startedAt = performance.now()
  let seen = 0
  let expected = 0
  let alerts = 0

  const line = (what: string, text: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(3)
    progress.line(`${seconds} s  ${what.padEnd(6)}  ${text}`)
  }

  return (report) => {
    switch (report.type) {
      case 'seen':
        seen += 1
        break
      case 'acknowledged':
        alerts += 1
        break
      case 'day': {
        const { count: events, meanMag } = total(report.day)
        const top = report.day.regions[0]
        line(
          'day',
          `${report.day.day}: ${count(events, 'event')}, mean magnitude ${meanMag.toFixed(2)}` +
            `${top ? `, most in ${top.region}` : ''}; ${seen.toLocaleString('en-US')} of ${count(expected, 'event')} so far`,
        )
        break
      }
      case 'feed':
        if (report.state.status === 'joined') expected = report.state.response.total
        line(report.type, describeState(report.state))
        break
      case 'socket':
      case 'alerts':
        line(report.type, describeState(report.state))
        break
    }
    progress.bar(seen, expected, `${count(seen, 'event')}, ${count(alerts, 'alert')} acknowledged`)
  }
}
