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
  share,
  switchMap,
  tap,
  throwError,
  timer,
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
import { readJson, readText } from './read-payload.ts'
import { count, inFlight, noTally, progress, summary, type Tally, type Word } from './tally.ts'

export interface PipeFlags extends JoinFlags {
  readonly concurrency: number
  readonly pushRetries: number
  readonly atMostOnce?: boolean
  readonly text?: boolean
  readonly key?: string
  readonly deadLetters?: string
  readonly replies?: boolean
  /** False with `--no-reply`. */
  readonly reply: boolean
}

/** How long answers that are due are waited for once the command is to end. */
const ANSWERS_MS = 750

/**
 * Pushes each line of standard input. Reads a line only when an earlier one is done, so that whoever writes them waits.
 * Asked to stop it reads no further, waits a moment for the answers that are due, puts the other lines aside, and ends.
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
    read: flags.text === true || flags.key !== undefined ? readText(flags.key ?? 'text') : readJson,
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
    const givenUp$ = stop$.pipe(
      // While the server is away no answer can come.
      switchMap(() => timer(channel.state.status === 'joined' ? ANSWERS_MS : 0)),
      share({ connector: () => new ReplaySubject(1), resetOnComplete: false, resetOnRefCountZero: false }),
    )
    const delivered$ = pull(readLines(process.stdin), flags.concurrency, merge(stop$, failed$), (line) => {
      count(tally, line)
      return deliver(line, { ...delivery, givenUp$ })
    }).pipe(tap(settled), ignoreElements())
    const code$ = race(
      failed$.pipe(mergeMap((error) => throwError(() => error))),
      defer(() => of(tally.dead === 0 ? DONE : NOT_PUSHED)),
    )
    const patience$ = stop$.pipe(
      tap(() => {
        const joined = channel.state.status === 'joined'
        status.tell(`Read up to line ${tally.lastLine}; ${patience(inFlight(tally), joined)}`, 'warning')
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

const patience = (due: number, joined: boolean): string => {
  if (due === 0) return 'nothing is in flight.'
  if (!joined) return `${due} in flight cannot be answered, since the server is away.`
  return `waiting up to ${ANSWERS_MS} ms for ${due} in flight.`
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
