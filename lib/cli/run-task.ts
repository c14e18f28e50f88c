import {
  fromEvent,
  isObservable,
  lastValueFrom,
  map,
  merge,
  type Observable,
  ReplaySubject,
  share,
  take,
  takeUntil,
  tap,
} from 'rxjs'
import { DONE, HUNG_UP, INTERRUPTED, TERMINATED } from './exit-code.ts'
import { outputLost } from './output-lost.ts'

/**
 * What a command does, cold: it emits an exit code if it has a special one, and errors if it fails. Asked to
 * stop it is unsubscribed, unless it takes `stop$`, with the exit code for that, and ends by itself then.
 */
export type Task = Observable<number> | ((stop$: Observable<number>) => Observable<number>)

/**
 * Runs a task until it completes, somebody asks the process to end, or the reader of our output has gone, as with
 * `| head -1`, and gives the exit code. Unsubscribing leaves the channels and closes the connection. Whoever asks a
 * second time does not want to wait for that.
 */
export const runTask = async (task: Task): Promise<number> => {
  let stopped: number | undefined
  const stop$ = merge(asked$(), outputLost()).pipe(
    take(1),
    tap((code) => {
      stopped = code
    }),
    share({ connector: () => new ReplaySubject(1), resetOnComplete: false, resetOnRefCountZero: false }),
  )
  const task$ = isObservable(task) ? task.pipe(takeUntil(stop$)) : task(stop$)
  try {
    const code = await lastValueFrom(task$, { defaultValue: DONE })
    return stopped ?? code
  } finally {
    if (stopped !== undefined) endSoon()
  }
}

/** Leaves and close frames that are on their way get this long: a server that does not answer must not keep the process. */
const GOODBYE_MS = 750

const endSoon = (): void => {
  setTimeout(() => {
    process.exit()
  }, GOODBYE_MS).unref()
}

const signals = { SIGINT: INTERRUPTED, SIGTERM: TERMINATED, SIGHUP: HUNG_UP } as const

const asked$ = (): Observable<number> =>
  merge(
    ...Object.entries(signals).map(([signal, code]) => fromEvent(process, signal).pipe(map(() => code))),
  ).pipe(
    tap((code) => {
      for (const signal of Object.keys(signals))
        process.once(signal, () => {
          process.exit(code)
        })
    }),
  )
