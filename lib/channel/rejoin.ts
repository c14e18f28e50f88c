import {
  catchError,
  concat,
  defer,
  map,
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
import { retryBy } from '../socket/retry-by.ts'
import { type ChannelSettings, type JoinContext } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { asInputFailed, type Joined } from './join.ts'

export interface Rejoining {
  readonly settings: ChannelSettings
  readonly scheduler: SchedulerLike
  readonly wake$: Observable<unknown>
  /** Why the join was lost: then the policy is asked before anything is sent. Absent on a new connection. */
  readonly lost?: ChannelError | undefined
  /** Whether there was a join before. */
  readonly rejoined: () => boolean
  readonly lastMessage: () => JoinContext['lastMessage']
  readonly join: (params: unknown) => Observable<Joined>
}

/**
 * Joins until joined: `joining`, then `joined`, or `errored` for as long as the policy says and again. Completes when
 * joined, unless the params are a stream: then each new value joins anew. Errors with what the policy stopped at.
 */
export const rejoin = (topic: Rejoining): Observable<ChannelState> => {
  const { settings, scheduler, wake$ } = topic
  let lost = topic.lost
  return retryBy<ChannelState, ChannelError>({
    name: 'rejoin',
    policy: (cause, attempt) => (isHopeless(cause, settings) ? 'stop' : settings.rejoin(cause, attempt)),
    scheduler,
    retryNow$: merge(wake$, settings.params.changes$),
    attempt: (failures, proved) => {
      if (lost === undefined) return joinOnce(topic, failures, proved)
      const cause = lost
      lost = undefined
      return throwError(() => cause)
    },
    waiting: (attempt, retryInMs, cause) => ({ status: 'errored', attempt, retryInMs, cause }),
  })
}

const joinOnce = (topic: Rejoining, failures: () => number, proved: () => void): Observable<ChannelState> => {
  const joining$ = defer(() => of<ChannelState>({ status: 'joining', attempt: failures() }))
  return concat(
    joining$,
    evaluate(topic, failures()).pipe(
      // switchMap: new params replace the join that was made with the old ones; the server closes that one.
      switchMap((params, i) => {
        const joined$ = defer(() => {
          const rejoined = topic.rejoined()
          return topic.join(params).pipe(
            tap(proved),
            map(({ joinRef, response }): ChannelState => ({
              status: 'joined',
              response,
              joinRef,
              rejoined,
            })),
          )
        })
        return i === 0 ? joined$ : concat(joining$, joined$)
      }),
      catchError((error: unknown) => throwError(() => asInputFailed(error))),
    ),
  )
}

const evaluate = ({ settings, scheduler, lastMessage }: Rejoining, attempt: number): Observable<unknown> =>
  defer(() => {
    const last = lastMessage()
    return settings.params.at(last ? { attempt, lastMessage: last } : { attempt })
  }).pipe(
    timeout({
      first: settings.joinTimeoutMs,
      scheduler,
      with: () => throwError(() => new InputFailed('params', `no value within ${settings.joinTimeoutMs} ms`)),
    }),
  )

/** Plain params that cannot be used will not be usable later. */
const isHopeless = (cause: ChannelError, { params }: ChannelSettings): boolean =>
  cause._tag === 'InputFailed' && cause.input === 'params' && params.fixed
