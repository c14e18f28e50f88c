import { combineLatest, ignoreElements, map, take, tap } from 'rxjs'
import { presence as presenceOf, type PresenceChange } from '../../index.ts'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { describeState } from '../describe-state.ts'
import { alongside, joinParams, openSocket, telling } from '../endpoint.ts'
import { type Task } from '../run-task.ts'
import { onSilence } from '../silence.ts'
import { drawing } from './drawing.ts'
import { table } from './table.ts'

export interface PresenceFlags extends JoinFlags {
  readonly json?: boolean
  readonly count?: number
}

/** Shows who is online until the server closes the topic. */
export const presence = (
  url: string,
  topic: string,
  flags: PresenceFlags,
  { status, print }: Context,
): Task => {
  const socket = openSocket(url, flags, status)
  const channel = socket.channel(topic, { params: joinParams(flags) })
  const presences = presenceOf(channel)
  const absence$ = onSilence(channel, presences, () => {
    status.tell(
      `${topic}: joined, and no list of presences has come. The channel may not track presence, or not push "presence_state" after the join. ` +
        'Still waiting; Ctrl-C ends.',
      'warning',
    )
  })
  const { stdout } = process
  if (!stdout.isTTY || flags.json === true || flags.count !== undefined) {
    const lines$ = presences.changes$.pipe(
      take(flags.count ?? Infinity),
      map(line),
      tap(print),
      ignoreElements(),
    )
    return telling(socket, [channel], status, alongside(absence$, lines$))
  }
  const draw = drawing(stdout)
  // The table shows the state itself: lines in between would tear it apart.
  const tables$ = combineLatest([presences, channel]).pipe(
    tap(([state, joined]) => {
      const described = describeState(joined)?.text ?? joined.status
      draw(table({ topic, state, described, columns: stdout.columns || 80, rows: stdout.rows || 24 }))
    }),
    ignoreElements(),
  )
  return alongside(absence$, tables$)
}

const line = ({ key, before, after }: PresenceChange): object => ({
  change: before === undefined ? 'join' : after === undefined ? 'leave' : 'update',
  key,
  presence: after ?? before,
})
