import { filter, ignoreElements, map, merge, type Observable, take, tap, withLatestFrom } from 'rxjs'
import { dialects, liveState } from '../../live-state/index.ts'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { alongside, joinParams, openSocket, telling } from '../endpoint.ts'
import { UsageError } from '../exit-code.ts'
import { type Task } from '../run-task.ts'
import { onSilence } from '../silence.ts'

export interface StateFlags extends JoinFlags {
  readonly dialect: keyof typeof dialects
  readonly patches?: boolean
  readonly select?: string
  readonly maxVersion?: number
  readonly count?: number
}

/** Prints a live state until the server closes the topic. */
export const state = (url: string, topic: string, flags: StateFlags, { status, print }: Context): Task => {
  const { dialect, patches, select, maxVersion, count = Infinity } = flags
  if (patches === true && select !== undefined)
    throw new UsageError('--patches and --select exclude each other.')
  const socket = openSocket(url, flags, status)
  const channel = socket.channel(topic, { params: joinParams(flags) })
  const live = liveState<unknown>(channel, { dialect, ...(maxVersion === undefined ? {} : { maxVersion }) })
  const { change, patch, operationsKey = 'operations' } = dialects[dialect]

  // By the message and not by the state: a message that changes nothing has a version too, and in the mode of patches
  // its operations are wanted. The state has taken the message in when the channel gives it to others.
  const versions$ = merge(
    channel.on(change).pipe(map(() => undefined)),
    channel.on(patch).pipe(map((payload) => (payload as Record<string, unknown>)[operationsKey])),
  ).pipe(
    withLatestFrom(live, live.version$, live.status$),
    // One that did not fit: the next snapshot mends it.
    filter(([, , , known]) => known === 'live'),
    map(([operations, whole, version]) =>
      patches === true && operations !== undefined
        ? { version, patch: operations }
        : { version, state: whole },
    ),
  )
  const lines$: Observable<object> =
    select === undefined ? versions$ : live.select(pointer(select)).pipe(map((part) => ({ part })))
  const health$ = merge(
    live.status$.pipe(
      filter((known) => known === 'stale'),
      tap(() => {
        status.tell(
          `${topic}: stale, the whole state has been asked for or the connection is lost`,
          'warning',
        )
      }),
    ),
    live.errors$.pipe(
      tap((error) => {
        status.tell(`${topic}: the server answered ${JSON.stringify(error)}`, 'warning')
      }),
    ),
  )
  const absence$ = onSilence(channel, live.status$.pipe(filter((known) => known !== 'loading')), () => {
    const other = dialect === 'seance' ? 'live-state' : 'seance'
    status.tell(
      `${topic}: joined, and no state has come. The topic may have no live state, or one of the other dialect (--dialect ${other}). ` +
        'Still waiting; Ctrl-C ends.',
      'warning',
    )
  })
  return telling(
    socket,
    [channel],
    status,
    alongside(merge(health$, absence$), lines$.pipe(take(count), tap(print), ignoreElements())),
  )
}

const pointer = (text: string): `/${string}` => {
  if (text.startsWith('/')) return text as `/${string}`
  throw new UsageError('--select is a JSON Pointer, such as /todos/0/title.')
}
