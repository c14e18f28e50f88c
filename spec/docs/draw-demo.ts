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
writeFileSync(
  join(ROOT, 'docs/images/demo.svg'),
  terminalSvg(
    'npm start: a week of earthquakes is summed up by day, while the connection is cut and the process is killed; every event is counted once.',
    shortened(lines, isRetry, 1),
  ),
)
