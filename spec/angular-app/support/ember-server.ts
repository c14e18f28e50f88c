import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const example = join(import.meta.dirname, '../../../examples/angular-ngrx')

/** The server of the example, as a process of its own that can be held up and killed. */
export interface EmberServer {
  readonly url: string
  /** Stops it where it is: connections stay open and nothing is answered, until `resume`. */
  suspend(): void
  resume(): void
  /** Kills it without warning. What it has answered is in its journal. */
  kill(): Promise<void>
  /** Starts it again, on the same port and with the same journal. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** @param files - the folder of the built application. */
export const startEmber = async (files = 'dist/browser'): Promise<EmberServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'rx-phoenix-ember-'))
  const data = join(folder, 'journal.ndjson')
  let { child, url } = await start(files, data, '0')
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    url,
    suspend: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill,
    restart: async () => {
      ;({ child, url } = await start(files, data, new URL(url).port))
    },
    close: async () => {
      await kill()
      await rm(folder, { recursive: true })
    },
  }
}

const start = async (
  files: string,
  data: string,
  port: string,
): Promise<{ child: ChildProcess; url: string }> => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'server/main.ts', '--port', port, '--data', data, '--files', files],
    { cwd: example, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^Ember is at (\S+)$/.exec(line) ?? []
    if (url !== undefined) return { child, url }
  }
  throw new Error('The server of the example did not start.')
}
