import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Copy } from './copy.ts'
import { jestArguments } from './jest-arguments.ts'
import { type RowMutant } from './row-mutant.ts'

/** For one file. */
const TIMEOUT_MS = 240_000
/** On a busy machine a test over a real connection must not seem to notice a bug by being late. */
const PATIENT = '--testTimeout=30000'

interface Test {
  readonly title: string
  readonly status: string
}

/** What came of the tests of some files, or why they did not run. */
type Outcome = readonly Test[] | 'timeout' | 'error'

/**
 * Puts each bug into a copy and runs the tests that are said to fail with it. Gives those that pass all the same: they
 * prove nothing of what the row that cites them says.
 */
export const proveRows = (copy: Copy, mutants: readonly RowMutant[]): readonly string[] => {
  const cited = mutants.flatMap(({ proves }) => proves)
  const unharmed = outcomeOf(copy, filesOf(cited))
  if (typeof unharmed === 'string') throw new Error(`The cited tests do not run as they are: ${unharmed}`)
  for (const proof of new Set(cited))
    if (!matching(unharmed, proof).some(({ status }) => status === 'passed'))
      throw new Error(`Does not pass as it is: ${proof}`)
  console.log('| bug | noticed by | not by |\n|---|---|---|')
  return mutants.flatMap((mutant) => {
    copy.mutate(mutant)
    const survived = filesOf(mutant.proves).flatMap((file) => {
      const proofs = mutant.proves.filter((proof) => proof.startsWith(`${file} › `))
      const outcome = outcomeOf(copy, [file], proofs.map(titleOf))
      return proofs.filter((proof) => !isNoticed(outcome, proof))
    })
    copy.restore(mutant)
    const noticed = mutant.proves.filter((proof) => !survived.includes(proof))
    console.log(`| ${mutant.name} | ${noticed.join('<br>')} | ${survived.join('<br>')} |`)
    return survived.map((proof) => `${mutant.name}: ${proof}`)
  })
}

/** A test that hangs has noticed as well; a file that cannot be read at all has noticed nothing of its own. */
const isNoticed = (outcome: Outcome, proof: string): boolean =>
  typeof outcome === 'string'
    ? outcome === 'timeout'
    : matching(outcome, proof).some(({ status }) => status === 'failed')

const filesOf = (proofs: readonly string[]): readonly string[] => [
  ...new Set(proofs.map((proof) => proof.split(' › ')[0] ?? '')),
]

const titleOf = (proof: string): string => proof.slice(proof.indexOf(' › ') + 3)

const matching = (tests: readonly Test[], proof: string): readonly Test[] => {
  const pattern = new RegExp(`^${patternOf(titleOf(proof))}$`, 's')
  return tests.filter(({ title }) => pattern.test(title))
}

/** A title as a regular expression: what stands for a value, such as `%s`, is any text. */
const patternOf = (title: string): string =>
  title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/%[a-z]|\\\$\w+/g, '.*')

const outcomeOf = (copy: Copy, files: readonly string[], titles: readonly string[] = []): Outcome => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-phoenix-rows-'))
  const report = join(folder, 'report.json')
  const only = titles.length === 0 ? [] : ['-t', `(${titles.map(patternOf).join('|')})$`]
  try {
    const { error } = spawnSync(
      process.execPath,
      jestArguments(
        '--maxWorkers=1',
        PATIENT,
        '--json',
        '--outputFile',
        report,
        ...only,
        '--runTestsByPath',
        ...files,
      ),
      {
        cwd: copy.folder,
        stdio: 'ignore',
        timeout: TIMEOUT_MS * files.length,
        killSignal: 'SIGKILL',
        env: { ...process.env, CI: 'true', NODE_OPTIONS: '' },
      },
    )
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') return 'timeout'
    const { numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      readonly numRuntimeErrorTestSuites: number
      readonly testResults: readonly { readonly assertionResults: readonly Test[] }[]
    }
    return numRuntimeErrorTestSuites > 0
      ? 'error'
      : testResults.flatMap(({ assertionResults }) => assertionResults)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
