import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, follow, ROOT } from '../support/run-script.ts'

const folder = 'examples/testing'

/** Runs a test runner as a user would, and apart from this one. */
const ran = (...args: readonly string[]): Promise<Ended> => {
  // What Jest tells its own workers is none of the business of another runner.
  const { JEST_WORKER_ID: _worker, ...env } = process.env
  return follow(
    spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...env, CI: 'true', NO_COLOR: '1', NODE_OPTIONS: '', NODE_ENV: 'test' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  ).ended
}

const RUNNERS: Readonly<Record<string, readonly [args: readonly string[], passed: RegExp]>> = {
  jest: [
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '-c',
      `${folder}/jest.config.js`,
    ],
    /^Tests: +4 passed, 4 total$/m,
  ],
  vitest: [
    ['node_modules/vitest/vitest.mjs', 'run', '--config', `${folder}/vitest.config.js`],
    /^ +Tests +4 passed \(4\)$/m,
  ],
  jasmine: [
    [
      '--import',
      'tsx',
      '--conditions=rx-phoenix-source',
      'node_modules/jasmine/bin/jasmine.js',
      `--config=${folder}/jasmine.json`,
    ],
    /^4 specs, 0 failures$/m,
  ],
}

describe('examples/testing', () => {
  it.each(Object.entries(RUNNERS))(
    'tests its service without a server, with %s',
    async (_name, [args, passed]) => {
      const { code, stdout, stderr } = await ran(...args)
      expect(stdout + stderr).toMatch(passed)
      expect(code).toBe(0)
    },
    60_000,
  )

  it('has the same specs for each', () => {
    const titles = Object.keys(RUNNERS).map((name) => {
      const text = readFileSync(join(ROOT, folder, `chat.${name}.ts`), 'utf8')
      return [...text.matchAll(/ it\('(.*?)'/g)].map(([, title]) => title)
    })
    expect(titles[0]).toHaveLength(4)
    expect(titles.slice(1)).toEqual([titles[0], titles[0]])
  })
})
