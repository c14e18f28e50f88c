import { fstatSync } from 'node:fs'
import {
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  interval,
  merge,
  mergeMap,
  type Observable,
  of,
  race,
  ReplaySubject,
  tap,
  throwError,
} from 'rxjs'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { alongside, joinParams, openSocket, telling } from '../endpoint.ts'
import { DONE, NOT_PUSHED } from '../exit-code.ts'
import { named } from '../print-line.ts'
import { type Task } from '../run-task.ts'
import { type Status } from '../status.ts'
import { type DeadLetters, deadLettersIn } from './dead-letters.ts'
import { deliver, type Outcome } from './deliver.ts'
import { pull } from './pull.ts'
import { readLines } from './read-lines.ts'
import { count, inFlight, noTally, progress, summary, type Tally, type Word } from './tally.ts'

export interface PipeFlags extends JoinFlags {
  readonly concurrency: number
  readonly pushRetries: number
  readonly atMostOnce?: boolean
  readonly deadLetters?: string
  readonly replies?: boolean
  /** False with `--no-reply`. */
  readonly reply: boolean
}

/**
 * Pushes each line of standard input. Reads a line only when an earlier one is done, so that whoever writes them waits.
 * Asked to stop it reads no further, waits for the answers that are due, and ends.
 */
export const pipe = (
  url: string,
  topic: string,
  event: string,
  flags: PipeFlags,
  { status, print }: Context,
): Task => {
  const socket = openSocket(url, flags, status)
  const channel = socket.channel(topic, { params: joinParams(flags) })
  const dead = flags.deadLetters === undefined ? told(status) : deadLettersIn(flags.deadLetters)
  const tally = noTally()
  const word: Word = flags.reply ? 'acknowledged' : 'sent'
  const startedAt = performance.now()
  const elapsedMs = (): number => performance.now() - startedAt

  const delivery = {
    socket,
    channel,
    event,
    reply: flags.reply,
    pushRetries: flags.pushRetries,
    atMostOnce: flags.atMostOnce ?? false,
    onRetry: () => {
      tally.retried += 1
    },
  }
  /** Ends the reading; what is in flight fails likewise, and is put aside too. */
  const failed$ = new ReplaySubject<Error>(1)
  const settled = (outcome: Outcome): void => {
    if (outcome.type === 'dead') {
      tally.dead += 1
      dead.write(outcome)
      if (outcome.fatal) failed$.next(outcome.error)
      return
    }
    tally.done += 1
    if (flags.replies) print({ line: outcome.line.number, ...named('reply', outcome.response) })
  }

  return (stop$) => {
    const delivered$ = pull(readLines(process.stdin), flags.concurrency, merge(stop$, failed$), (line) => {
      count(tally, line)
      return deliver(line, delivery)
    }).pipe(tap(settled), ignoreElements())
    const code$ = race(
      failed$.pipe(mergeMap((error) => throwError(() => error))),
      defer(() => of(tally.dead === 0 ? DONE : NOT_PUSHED)),
    )
    const patience$ = stop$.pipe(
      tap(() => {
        status.tell(`Read up to line ${tally.lastLine}; ${patience(tally)}`, 'warning')
      }),
    )
    const task$ = alongside(
      merge(patience$, moving(status, tally, word, elapsedMs)),
      concat(delivered$, code$),
    )
    return telling(socket, [channel], status, task$).pipe(
      finalize(() => {
        // Or a read that nobody waits for any more would keep the process.
        process.stdin.destroy()
        dead.close()
        status.show('')
        status.tell(summary(tally, word, elapsedMs()), tally.dead === 0 ? 'good' : 'bad')
      }),
    )
  }
}

/** Without a file for them, lines that could not be delivered are told of; not what they hold, which may be a secret. */
const told = (status: Status): DeadLetters => ({
  write: ({ line, error }) => {
    status.tell(`line ${line.number}: ${describeError(error)}`, 'bad')
  },
  close: () => undefined,
})

const patience = (tally: Tally): string => {
  const due = inFlight(tally)
  return due === 0 ? 'nothing is in flight.' : `waiting for ${due} in flight, ask again to end at once.`
}

const REDRAW_MS = 100

const moving = (status: Status, tally: Tally, word: Word, elapsedMs: () => number): Observable<unknown> => {
  if (!status.moves) return EMPTY
  const input = fstatSync(process.stdin.fd)
  const totalBytes = input.isFile() ? input.size : undefined
  return interval(REDRAW_MS).pipe(
    tap(() => {
      status.show(progress(tally, word, elapsedMs(), totalBytes))
    }),
  )
}
