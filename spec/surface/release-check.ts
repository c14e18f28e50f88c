import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'
import { type ReleaseFacts, releaseProblems } from './release-problems.ts'

// npm run release:check: says what is missing before this version can be published.
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' })

const problems = releaseProblems({
  manifest: JSON.parse(read('package.json')) as ReleaseFacts['manifest'],
  changelog: read('CHANGELOG.md'),
  readme: read('README.md'),
  tags: git('tag').split('\n'),
  changesets: readdirSync(join(ROOT, '.changeset')).filter((file) => /^(?!README).*\.md$/.test(file)),
  status: git('status', '--porcelain'),
  exists: (path) => existsSync(join(ROOT, path)),
})

for (const problem of problems) console.log(`- ${problem}`)
console.log(
  problems.length === 0 ? 'Nothing is missing: npm run check, then the tag.' : `${problems.length} missing.`,
)
process.exitCode = problems.length === 0 ? 0 : 1
