import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

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

const main = fileURLToPath(new URL('../../examples/earthquakes/main.ts', import.meta.url))

/** Runs the example as `npm start -- …args` does, without a terminal. */
export const runEarthquakes = (...args: readonly string[]): Running => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=rx-phoenix-source', main, ...args],
    { env: { ...process.env, CI: 'true', NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
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
