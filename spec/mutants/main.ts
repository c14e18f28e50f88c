import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { copyOfProject, type Copy } from './copy.ts'
import { type Mutant, mutants, type SuiteName } from './mutants.ts'
import { proveRows } from './prove-rows.ts'
import { rowMutants } from './rows.ts'
import { suites } from './suites.ts'

/*
 * `npm run mutants`: puts each known bug into a copy of the library and shows which suites notice. Exit code 1 if a suite
 * that is said to catch a bug lets it pass. `-- --only leave` takes the bugs whose names hold that text, `--suite chaos`
 * one suite; `--all` tries every suite on every bug, also those that are not said to catch it.
 *
 * `npm run mutants -- --rows` takes the bugs that the rows of docs/coming-from and docs/wishes.md are about, and runs the
 * tests alone that the rows cite. Exit code 1 if one of them passes. `--only lib/presence` takes those of a folder.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    suite: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    rows: { type: 'boolean', default: false },
  },
})

const TIMEOUT_MS = 240_000

/** Whether a suite passes in a copy. */
const passes = (copy: Copy, suite: SuiteName, telling = false): boolean => {
  const { status, error, stdout, stderr } = spawnSync(process.execPath, suites[suite], {
    cwd: copy.folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, CI: 'true', NODE_OPTIONS: '' },
  })
  // A suite that hangs has noticed as well, if not well.
  if (error && (error as NodeJS.ErrnoException).code !== 'ETIMEDOUT') throw error
  if (telling && status !== 0) console.error([stdout, stderr].join('\n').split('\n').slice(-60).join('\n'))
  return status === 0
}

const chosen = (Object.keys(suites) as SuiteName[]).filter((suite) => values.suite?.includes(suite) ?? true)
const suitesFor = ({ caughtBy }: Mutant): readonly SuiteName[] =>
  chosen.filter((suite) => values.all || caughtBy.includes(suite))

const copy = copyOfProject()
process.once('exit', () => {
  copy.remove()
})

const isWanted = ({ name, file }: Omit<Mutant, 'caughtBy'>): boolean =>
  name.includes(values.only) || file.startsWith(values.only)

/** Shows which suites notice which bugs. Gives what was not noticed by a suite that is said to. */
const tried = (wanted: readonly Mutant[]): readonly string[] => {
  // A suite that fails without any bug would seem to catch them all.
  for (const suite of new Set(wanted.flatMap(suitesFor)))
    if (!passes(copy, suite, true)) throw new Error(`The suite "${suite}" fails as it is.`)
  console.log('| bug | caught by | not by |\n|---|---|---|')
  return wanted.flatMap((mutant) => {
    copy.mutate(mutant)
    const passed = new Map(suitesFor(mutant).map((suite) => [suite, passes(copy, suite)]))
    copy.restore(mutant)
    const named = (passing: boolean): string =>
      [...passed].flatMap(([suite, each]) => (each === passing ? [suite] : [])).join(', ')
    console.log(`| ${mutant.name} | ${named(false)} | ${named(true)} |`)
    return mutant.caughtBy.filter((suite) => passed.get(suite)).map((suite) => `${mutant.name}: ${suite}`)
  })
}

const missed = values.rows ? proveRows(copy, rowMutants.filter(isWanted)) : tried(mutants.filter(isWanted))
if (missed.length > 0) {
  console.error(`Not caught:\n${missed.join('\n')}`)
  process.exitCode = 1
}
