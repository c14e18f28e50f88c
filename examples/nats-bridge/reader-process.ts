import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { fromEvent, map, type Observable, takeUntil } from 'rxjs'

const file = fileURLToPath(new URL('reader.ts', import.meta.url))

/** A reader in a process of its own. */
export interface ReaderProcess {
  readonly name: string
  /** What it prints, until it is gone. */
  readonly lines$: Observable<string>
  /** `kill -9`. */
  kill(): void
}

export const readerProcess = (name: string, ...args: readonly string[]): ReaderProcess => {
  const child: ChildProcess = spawn(process.execPath, [...process.execArgv, file, name, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  if (!child.stdout) throw new Error('its output cannot be read')
  return {
    name,
    lines$: fromEvent(createInterface(child.stdout), 'line').pipe(
      map(String),
      takeUntil(fromEvent(child, 'close')),
    ),
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}
