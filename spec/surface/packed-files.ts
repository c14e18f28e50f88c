import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'

/* Compares what would be published with the list in etc/. With --update it writes that. */

const kept = join(ROOT, 'etc/packed-files.txt')

/** Chunks have a hash in their name, and are cut as the bundler likes; sources are as many as there are. */
const withoutChance = (path: string): string =>
  path
    .replace(/^(dist\/(?:cli\/)?).*-[\w-]{8}(\.\w[\w.]*)$/, '$1[chunk]$2')
    .replace(/^lib\/.*\/([^/]+)\.ts$/, 'lib/**/*.ts')

const packed = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }),
) as readonly [{ readonly files: readonly { readonly path: string }[] }]

const list = [...new Set(packed[0].files.map(({ path }) => withoutChance(path)))].sort().join('\n') + '\n'

if (process.argv.includes('--update')) writeFileSync(kept, list)
else if (list !== readFileSync(kept, 'utf8')) {
  const { stdout } = spawnSync('diff', ['-u', kept, '-'], { input: list, encoding: 'utf8' })
  console.error(`What npm would pack is not what etc/packed-files.txt says:\n${stdout}`)
  console.error('If that is meant: npm run build && npm run files:update, and commit etc/.')
  process.exitCode = 1
}
