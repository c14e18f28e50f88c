import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../support/run-script.ts'

const folder = join(ROOT, 'temp')

/**
 * The command line as users get it, bundled for these tests. Once for each state of the sources: the folder is named
 * by what went into it, and put in place by one rename, so that workers side by side do not meet half of one.
 */
export const builtCli = (): Promise<string> => (building ??= build())

let building: Promise<string> | undefined

const build = async (): Promise<string> => {
  const built = join(folder, `cli-${fingerprint()}`)
  const program = join(built, 'cli.js')
  if (existsSync(program)) return program
  await mkdir(folder, { recursive: true })
  const part = await mkdtemp(join(folder, 'cli-part-'))
  try {
    const tsdown = join(ROOT, 'node_modules/tsdown/dist/run.mjs')
    await promisify(execFile)(
      process.execPath,
      [tsdown, '--filter', 'cli', '--filter', 'cli page', '--out-dir', part],
      {
        cwd: ROOT,
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    )
    // Whoever was quicker has made the same.
    await rename(part, built).catch((error: unknown) => {
      if (!existsSync(program)) throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
  return program
}

const fingerprint = (): string => {
  const hash = createHash('sha256')
  const sources = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('lib', file))
  for (const file of ['package.json', 'package-lock.json', 'tsdown.config.ts', ...sources.sort()])
    hash.update(file).update(readFileSync(join(ROOT, file)))
  return hash.digest('hex').slice(0, 16)
}
