import { buffer, text } from 'node:stream/consumers'
import { defer, finalize, ignoreElements, type Observable, of, switchMap, tap } from 'rxjs'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { joinParams, openSocket, telling } from '../endpoint.ts'
import { UsageError } from '../exit-code.ts'
import { withBytes } from '../print-line.ts'
import { json } from '../read-argument.ts'
import { type Task } from '../run-task.ts'

export interface PushFlags extends JoinFlags {
  /** False with `--no-reply`. */
  readonly reply: boolean
  readonly binary?: boolean
}

/** Pushes one event and prints the response. */
export const push = (
  url: string,
  topic: string,
  event: string,
  payload: string | undefined,
  flags: PushFlags,
  { status, print }: Context,
): Task => {
  if (flags.binary && payload !== '-')
    throw new UsageError('--binary pushes the bytes of standard input: pass -.')
  // Read before anything is connected: a mistake in it is one of the command line.
  const payload$: Observable<unknown> =
    payload === '-'
      ? defer(() => standardInput(flags.binary ?? false))
      : of(payload === undefined ? {} : json('The payload')(payload))
  // A user who waits for one answer should learn immediately that the server is down.
  const socket = openSocket(url, { ...flags, retries: flags.retries ?? 0 }, status)
  const channel = socket.channel(topic, { params: joinParams(flags) })
  const pushed$ = payload$.pipe(
    switchMap((value) => (flags.reply ? channel.push(event, value) : channel.send(event, value))),
    tap((response) => {
      print(withBytes(response))
    }),
    ignoreElements(),
    // Otherwise a read that nobody awaits any more would keep the process alive.
    finalize(() => {
      if (payload === '-') process.stdin.destroy()
    }),
  )
  return telling(socket, [channel], status, pushed$)
}

const standardInput = async (binary: boolean): Promise<unknown> => {
  if (binary) return buffer(process.stdin)
  const input = await text(process.stdin)
  try {
    return JSON.parse(input) as unknown
  } catch {
    throw new UsageError('Standard input is not JSON; with --binary it is pushed as bytes.')
  }
}
