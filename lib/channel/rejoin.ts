import {
  concat,
  defer,
  merge,
  type Observable,
  of,
  type SchedulerLike,
  switchMap,
  tap,
  throwError,
  timeout,
} from 'rxjs'
import { type ChannelError } from '../protocol/channel-error.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { retryBy } from '../connection/retry-by.ts'
import { type SocketSettings } from '../connection/socket-options.ts'
import { type ChannelSettings, type JoinContext } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'

/** Whose joins these are. */
interface Rejoining {
  readonly settings: ChannelSettings
  readonly context: { readonly socket: SocketSettings }
  readonly lastMessage: JoinContext['lastMessage']
}

/**
 * Joins until joined: `joining`, then `joined`, or `errored` for as long as the policy says and again. Completes when
 * joined, unless the params are a stream: then each new value joins anew. Errors with what the policy stopped at.
 *
 * @param lost - why the last join failed or was lost: then the policy is asked before anything is sent.
 * @param join - one join with these params.
 */
export const rejoin = (
  topic: Rejoining,
  lost: ChannelError | undefined,
  join: (params: unknown) => Observable<ChannelState>,
): Observable<ChannelState> => {
  const { settings, context } = topic
  const { scheduler, wake } = context.socket
  let failure = lost
  return retryBy<ChannelState, ChannelError>({
    name: 'rejoin',
    policy: (cause, attempt) => (isHopeless(cause, settings) ? 'stop' : settings.rejoin(cause, attempt)),
    scheduler,
    retryNow$: merge(wake, settings.params.changes$),
    attempt: (failures, proved) => {
      if (failure === undefined) return joinOnce(topic, failures, proved, join)
      const cause = failure
      failure = undefined
      return throwError(() => cause)
    },
    waiting: (attempt, retryInMs, cause) => ({ status: 'errored', attempt, retryInMs, cause }),
  })
}

const joinOnce = (
  topic: Rejoining,
  failures: () => number,
  proved: () => void,
  join: (params: unknown) => Observable<ChannelState>,
): Observable<ChannelState> => {
  const joining$ = defer(() => of<ChannelState>({ status: 'joining', attempt: failures() }))
  return concat(
    joining$,
    evaluate(topic, failures()).pipe(
      // switchMap: new params replace the join that was made with the old ones; the server closes that one.
      switchMap((params, i) => {
        const joined$ = defer(() => join(params).pipe(tap(proved)))
        return i === 0 ? joined$ : concat(joining$, joined$)
      }),
    ),
  )
}

const evaluate = (topic: Rejoining, attempt: number): Observable<unknown> => {
  const { params, joinTimeoutMs } = topic.settings
  const scheduler: SchedulerLike = topic.context.socket.scheduler
  return defer(() => {
    const { lastMessage } = topic
    return params.at(lastMessage ? { attempt, lastMessage } : { attempt })
  }).pipe(
    timeout({
      first: joinTimeoutMs,
      scheduler,
      with: () => throwError(() => new InputFailed('params', `no value within ${joinTimeoutMs} ms`)),
    }),
  )
}

/** Plain params that cannot be used will not be usable later. */
const isHopeless = (cause: ChannelError, { params }: ChannelSettings): boolean =>
  cause._tag === 'InputFailed' && cause.input === 'params' && params.fixed
