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
import { DONE, NOT_PUSHED, UsageError } from '../exit-code.ts'
import { named } from '../print-line.ts'
import { type Task } from '../run-task.ts'
import { type Status } from '../status.ts'
import { type DeadLetters, deadLettersIn } from './dead-letters.ts'
import { deliver, type Outcome } from './deliver.ts'
import { pull } from './pull.ts'
import { type Line, readLines } from './read-lines.ts'
import { asObject, keyIn, readJson, readText } from './read-payload.ts'
import { count, inFlight, noTally, progress, summary, type Tally, type Word } from './tally.ts'
import { throughOutbox } from './through-outbox.ts'

export interface PipeFlags extends JoinFlags {
  readonly concurrency: number
  readonly pushRetries?: number
  readonly atMostOnce?: boolean
  readonly outbox?: string
  readonly lineKey?: string
  readonly text?: boolean
  readonly key?: string
  readonly deadLetters?: string
  readonly replies?: boolean
  /** False with `--no-reply`. */
  readonly reply: boolean
}

const PUSH_RETRIES = 3

/** How long answers that are due are waited for once the command is to end. */
const ANSWERS_MS = 750

/**
 * Pushes each line of standard input. Reads a line only when an earlier one is done, so that the writer waits.
 * Asked to stop it reads no further, waits a moment for the answers that are due, puts the other lines aside, and ends.
 */
export const pipe = (
  url: string,
  topic: string,
  event: string,
  flags: PipeFlags,
  { status, print }: Context,
): Task => {
  checkFlags(flags)
  const socket = openSocket(url, flags, status)
  const channel = socket.channel(topic, { params: joinParams(flags) })
  const dead = flags.deadLetters === undefined ? told(status) : deadLettersIn(flags.deadLetters)
  const tally = noTally()
  const word: Word = flags.reply ? 'acknowledged' : 'sent'
  const startedAt = performance.now()
  const elapsedMs = (): number => performance.now() - startedAt

  const read = flags.text === true || flags.key !== undefined ? readText(flags.key ?? 'text') : readJson
  const delivery = {
    socket,
    channel,
    event,
    read,
    reply: flags.reply,
    pushRetries: flags.pushRetries ?? PUSH_RETRIES,
    atMostOnce: flags.atMostOnce ?? false,
    onRetry: () => {
      tally.retried += 1
    },
  }
  /** Ends the reading; what is in flight fails in the same way, and becomes dead letters too. */
  const failed$ = new ReplaySubject<Error>(1)
  const settled = (outcome: Outcome): void => {
    if (outcome.type === 'dead') {
      tally.dead += 1
      dead.write(outcome)
      if (outcome.fatal) failed$.next(outcome.error)
      return
    }
    tally.done += 1
    if (flags.replies) print({ ...numbered(outcome.line), ...named('reply', outcome.response) })
  }

  const prospect = (due: number): string => {
    if (due === 0) return 'nothing is in flight.'
    if (flags.outbox !== undefined)
      return `${due} stay in ${flags.outbox} and go out when the command is run again.`
    if (channel.state.status !== 'joined')
      return `${due} in flight cannot be answered, since the server is away.`
    return `waiting up to ${ANSWERS_MS} ms for ${due} in flight.`
  }

  return (stop$) => {
    const givenUp$ = stop$.pipe(
      // While the server is away no answer can come.
      switchMap(() => timer(channel.state.status === 'joined' ? ANSWERS_MS : 0)),
      share({ connector: () => new ReplaySubject(1), resetOnComplete: false, resetOnRefCountZero: false }),
    )
    const outcomes$ =
      flags.outbox === undefined
        ? pull(readLines(process.stdin), flags.concurrency, merge(stop$, failed$), (line) => {
            count(tally, line)
            return deliver(line, { ...delivery, givenUp$ })
          })
        : throughOutbox({
            folder: flags.outbox,
            name: outboxName(url, topic, event),
            channel,
            event,
            concurrency: flags.concurrency,
            read: (text) => asObject(read(text)),
            ownKey: keyIn(flags.lineKey),
            stop$,
            onRead: (line) => {
              count(tally, line)
            },
            onRetry: delivery.onRetry,
            onBegin: (left, behind) => {
              tally.read += left
              if (left > 0)
                status.tell(`${left} of an earlier run are in ${flags.outbox ?? ''} and go out first.`)
              if (behind > 0) status.tell(`Continues after line ${behind} of this input.`)
            },
          })
    const delivered$ = outcomes$.pipe(tap(settled), ignoreElements())
    const code$ = race(
      failed$.pipe(mergeMap((error) => throwError(() => error))),
      defer(() => of(tally.dead === 0 ? DONE : NOT_PUSHED)),
    )
    const patience$ = stop$.pipe(
      tap(() => {
        status.tell(`Read up to line ${tally.lastLine}; ${prospect(inFlight(tally))}`, 'warning')
      }),
    )
    const task$ = alongside(
      merge(patience$, moving(status, tally, word, elapsedMs)),
      concat(delivered$, code$),
    )
    return telling(socket, [channel], status, task$).pipe(
      finalize(() => {
        // Otherwise a read that nobody awaits any more would keep the process alive.
        process.stdin.destroy()
        dead.close()
        status.show('')
        const kept = flags.outbox === undefined ? 0 : inFlight(tally)
        status.tell(summary(tally, word, elapsedMs(), kept), tally.dead === 0 ? 'good' : 'bad')
      }),
    )
  }
}

/** Without a file for them, undelivered lines are reported without their contents, which may be secret. */
const told = (status: Status): DeadLetters => ({
  write: ({ line, error }) => {
    const which = line.number === 0 ? 'a line of an earlier run' : `line ${line.number}`
    status.tell(`${which}: ${describeError(error)}`, 'bad')
  },
  close: () => undefined,
})

/** With an outbox a line is pushed until the server answers, whatever that takes. */
const checkFlags = ({ outbox, lineKey, reply, atMostOnce, pushRetries }: PipeFlags): void => {
  if (outbox === undefined) {
    if (lineKey !== undefined) throw new UsageError('--line-key is for --outbox.')
    return
  }
  if (!reply) throw new UsageError('--outbox waits for answers; leave --no-reply out.')
  if (atMostOnce === true) throw new UsageError('--outbox may push a line twice; leave --at-most-once out.')
  if (pushRetries !== undefined)
    throw new UsageError('--outbox pushes until the server answers; leave --push-retries out.')
}

/** One outbox for each server, topic and event. Without the query and credentials, since it is stored in the database. */
const outboxName = (url: string, topic: string, event: string): string => {
  const { origin, host, protocol, pathname } = new URL(url)
  return [origin === 'null' ? `${protocol}//${host}` : origin, pathname, topic, event]
    .map((part) => encodeURIComponent(part).replaceAll('!', '%21'))
    .join(' ')
}

/** The number of a line, but for one of an earlier run, whose number is not known. */
const numbered = ({ number }: Line): { readonly line?: number } => (number === 0 ? {} : { line: number })

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
