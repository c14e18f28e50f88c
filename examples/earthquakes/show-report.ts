import { total } from './daily-statistics.ts'
import { count } from './format.ts'
import { type Progress } from './progress.ts'
import { type Report, type Trouble } from './report.ts'

/** Shows each report as it passes. Counts for itself, since the proof must not rest on what is shown. */
export const showReports = (progress: Progress, expected: number): ((report: Report) => void) => {
  const startedAt = performance.now()
  let counted = 0
  let alerts = 0

  const line = (text: string): void => {
    progress.line(`${((performance.now() - startedAt) / 1000).toFixed(3)} s  ${text}`)
  }

  return (report) => {
    switch (report.type) {
      case 'counted':
        counted += 1
        break
      case 'alerted':
        alerts += 1
        break
      case 'day': {
        const { count: events, meanMag } = total(report.day)
        const top = report.day.regions[0]
        line(
          `day     ${report.day.day}: ${count(events, 'event')}, mean magnitude ${meanMag.toFixed(2)}` +
            `${top ? `, most in ${top.region}` : ''}; ${counted.toLocaleString('en-US')} of ${count(expected, 'event')} so far`,
        )
        break
      }
      case 'trouble':
        line(troubles[report.trouble])
        break
      case 'line':
        line(report.text)
        break
      case 'received':
        return
    }
    progress.bar(counted, expected, `${count(counted, 'event')}, ${count(alerts, 'alert')}`)
  }
}

const troubles: Readonly<Record<Trouble, string>> = {
  cut: 'server  goes away: it has written down an alert, and cuts the connection before it answers',
  'kill -9': 'job     is killed: kill -9, while an alert is on its way; a new process takes over',
}
