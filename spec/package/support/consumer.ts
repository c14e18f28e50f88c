import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../support/run-script.ts'

const run = promisify(execFile)

/** A project of somebody who uses the package: a clean folder in which its tarball is installed. */
export interface Consumer {
  readonly folder: string
  write(file: string, text: string): Promise<void>
  /** Runs a file with Node, and gives what it printed when it has ended by itself. Rejects if it failed. */
  node(file: string, ...args: readonly string[]): Promise<string>
  /** The same for another program, by its path in the project. */
  run(program: string, ...args: readonly string[]): Promise<string>
  remove(): Promise<void>
}

/** npm tells its scripts about itself in these, and would take the project for the folder to install in. */
export const environment: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local_prefix|command|execpath|node_execpath)/.test(name),
  ),
)

/** Packs the package into a folder, and gives the path of the tarball. */
export const pack = async (folder: string): Promise<string> => {
  const { stdout } = await run(
    'npm',
    ['pack', ROOT, '--ignore-scripts', '--loglevel=error', '--pack-destination', folder],
    { cwd: folder, env: environment },
  )
  return join(folder, stdout.trim())
}

/** @param dependencies - besides the package and rxjs, with exact versions. */
export const startConsumer = async (
  dependencies: Readonly<Record<string, string>> = {},
): Promise<Consumer> => {
  const folder = await mkdtemp(join(tmpdir(), 'rx-phoenix-consumer-'))
  const start = async (program: string, args: readonly string[]): Promise<string> => {
    // A program that does not end would be killed, and so rejected.
    const { stdout } = await run(program, [...args], {
      cwd: folder,
      env: environment,
      timeout: 300_000,
    }).catch((error: unknown) => {
      throw new Error(describe(error))
    })
    return stdout
  }
  const consumer: Consumer = {
    folder,
    write: async (file, text) => {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), text)
    },
    node: (file, ...args) => start(process.execPath, [file, ...args]),
    run: (program, ...args) => start(join(folder, program), args),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
  const manifest = {
    name: 'consumer',
    private: true,
    dependencies: { 'rx-phoenix': `file:${await pack(folder)}`, rxjs: '7.8.2', ...dependencies },
  }
  await consumer.write('package.json', JSON.stringify(manifest))
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'],
    { cwd: folder, env: environment },
  )
  return consumer
}

const describe = (error: unknown): string => {
  const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string }
  return [message, stdout, stderr].filter(Boolean).join('\n')
}
