import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'
import { runEarthquakes } from '../support/run-earthquakes.ts'
import { shortened, terminalSvg } from './terminal-svg.ts'

// npm run docs:demo: runs the demo, and draws what it has written into docs/images/demo.svg.
const { code, stdout, stderr } = await runEarthquakes().ended
if (code !== 0) throw new Error(`the demo failed:\n${stderr}${stdout}`)

const isRetry = (line: string): boolean => / socket +(connecting, after|waiting .*failures)/.test(line)
const lines = ['$ npm start', ...stderr.trimEnd().split('\n'), '', ...stdout.trimEnd().split('\n')]
// The channel for alerts says the same as the one for the feed.
const told = lines.filter((line) => !/ s {2}alerts /.test(line))
writeFileSync(
  join(ROOT, 'docs/images/demo.svg'),
  terminalSvg(
    'npm start: a week of earthquakes is summed up by day while the server goes away and comes back; every event is seen once.',
    shortened(told, isRetry, 2),
  ),
)
