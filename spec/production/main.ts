import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'

/*
 * Runs the marble tests and the contract as in the production build. The tests that fail must be those of the list
 * beside this file: what they expect (long texts, checks of what only a programmer writes) is in development only.
 * docs/builds.md says it for users. With --update the list is written.
 */

interface Results {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

const LIST = join(ROOT, 'spec/production/differences.txt')
const update = process.argv.includes('--update')
const output = join(tmpdir(), `rx-phoenix-production-${process.pid}.json`)

spawnSync(
  'npm',
  ['run', 'jest', '--', '-c', 'jest.production.config.js', '--json', `--outputFile=${output}`, '--silent'],
  { cwd: ROOT, stdio: 'ignore' },
)
const { numPassedTests, testResults } = JSON.parse(readFileSync(output, 'utf8')) as Results
rmSync(output)

interface Failed {
  readonly fullName: string
  readonly failureMessages: readonly string[]
}

const failed = testResults.flatMap(({ name, message, assertionResults }): readonly Failed[] =>
  assertionResults.length === 0 && message !== ''
    ? [{ fullName: `${name} does not run`, failureMessages: [message] }]
    : assertionResults.filter(({ status }) => status === 'failed'),
)
const names = [...new Set(failed.map(({ fullName }) => fullName))].sort()
if (update) writeFileSync(LIST, names.join('\n') + '\n')

const listed = readFileSync(LIST, 'utf8').trim().split('\n')
const unexpected = failed.filter(({ fullName }) => !listed.includes(fullName))
const stale = listed.filter((name) => !names.includes(name))

for (const { fullName, failureMessages } of unexpected)
  console.error(`Fails in production, and is not in the list: ${fullName}\n${failureMessages.join('\n')}\n`)
for (const name of stale) console.error(`Is in the list of differences, and passes in production: ${name}`)
if (unexpected.length > 0 || stale.length > 0) {
  console.error('If that is meant: npm run test:production -- --update, and say so in docs/builds.md.')
  process.exitCode = 1
}
console.log(
  `Tests:       ${unexpected.length} failed, ${numPassedTests} passed, ${listed.length} differences`,
)
