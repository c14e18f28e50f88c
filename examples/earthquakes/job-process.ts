import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { defer, Observable, of, retry, throwError } from 'rxjs'

/** The job in a process of its own, which is started again when it was killed. */
export interface JobProcess {
  /** What it prints. Cold: subscribing starts it. Completes when it has ended by itself; unsubscribing ends it. */
  readonly lines$: Observable<string>
  /** `kill -9`. Resolves when the process is gone. */
  kill(): Promise<void>
}

export const jobProcess = (...args: readonly string[]): JobProcess => {
  let child: ChildProcess | undefined
  return {
    lines$: defer(() => {
      const started = spawn(process.execPath, [...process.execArgv, file, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child = started
      return linesOf(started)
    }).pipe(retry({ delay: (error) => (error === KILLED ? of('again') : throwError(() => error as Error)) })),
    kill: async () => {
      if (!child?.kill('SIGKILL')) return
      await once(child, 'exit')
    },
  }
}

const file = fileURLToPath(new URL('job.ts', import.meta.url))

const KILLED = Symbol('killed')

const linesOf = (child: ChildProcess): Observable<string> =>
  new Observable((subscriber) => {
    if (child.stdout)
      createInterface(child.stdout).on('line', (line) => {
        subscriber.next(line)
      })
    child.once('error', (error) => {
      subscriber.error(error)
    })
    child.once('close', (code, signal) => {
      if (code === 0) subscriber.complete()
      else
        subscriber.error(signal === 'SIGKILL' ? KILLED : new Error(`the job ended with ${code ?? signal}.`))
    })
    return () => child.kill()
  })
