import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Readable, type Writable } from 'node:stream'

/** The folder of the project, in which scripts run. */
export const ROOT: string = join(import.meta.dirname, '../..')

/** What a script that has ended by itself left behind. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  /** Resolves when what it has written to either stream matches. */
  written(pattern: RegExp): Promise<void>
  readonly ended: Promise<Ended>
}

/** Runs a TypeScript file on the sources of the library, in a Node of its own and without a terminal. */
export const runScript = (file: string, args: readonly string[] = []): Running =>
  follow(
    spawn(process.execPath, ['--import', 'tsx', '--conditions=rx-phoenix-source', file, ...args], {
      cwd: ROOT,
      env: { ...process.env, CI: 'true', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )

/** Gathers what a process writes until it ends. */
export const follow = (child: ChildProcessByStdio<Writable | null, Readable, Readable>): Running => {
  const written = { stdout: '', stderr: '' }
  const heard: Set<() => void> = new Set()
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
      for (const look of heard) look()
    })
  const ended: Promise<Ended> = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve({ code, ...written })
    })
  })
  return {
    process: child,
    ended,
    written: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!pattern.test(written.stdout) && !pattern.test(written.stderr)) return
          heard.delete(look)
          resolve()
        }
        heard.add(look)
        look()
      }),
  }
}
