import { DEV } from '../protocol/dev.ts'
import {
  defer,
  type MonoTypeOperatorFunction,
  type Observable,
  switchMap,
  tap,
  throwError,
  timeout,
} from 'rxjs'
import { type ChannelError } from '../protocol/channel-error.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { anyOf, startingWith } from '../connection/operators.ts'
import { retryBy } from '../connection/retry-by.ts'
import { type ChannelState } from './channel-state.ts'
import { type SharedTopic } from './shared-topic.ts'

/**
 * Joins until joined: `joining`, then `joined`, or `errored` for the wait of the policy, then again. Completes when joined,
 * unless the params are a stream: then each new value joins again. Errors with the error at which the policy stopped.
 *
 *     join    ----#
 *     join            ----j
 *     rejoin  j---e---j---(j|)
 *
 * @param lost - why the last join failed or was lost: then the policy is called before anything is sent.
 * @param join - one join with these params.
 */
export const rejoin = (
  topic: SharedTopic,
  lost: ChannelError | undefined,
  join: (params: unknown) => Observable<ChannelState>,
): Observable<ChannelState> => {
  const { input, rejoin: policy } = topic.settings
  const { scheduler, wake } = topic.context.settings
  let failure = lost
  return retryBy<ChannelState, ChannelError>({
    name: 'rejoin',
    // An invalid constant is not retried.
    policy: (cause, attempt) =>
      cause._tag === 'InputFailed' && cause.input === input.name && input.fixed
        ? 'stop'
        : policy(cause, attempt),
    scheduler,
    retryNow$: anyOf(wake, input.changes$),
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
  topic: SharedTopic,
  failures: () => number,
  proved: () => void,
  join: (params: unknown) => Observable<ChannelState>,
): Observable<ChannelState> => {
  const { input, params } = topic.settings
  const joining = (): MonoTypeOperatorFunction<ChannelState> =>
    startingWith<ChannelState>({ status: 'joining', attempt: failures() })
  // There is nothing to wait for, so no operators that wait.
  if (input.fixed) return join(params).pipe(joining())
  return evaluate(topic, failures()).pipe(
    // switchMap: new params replace the join that was made with the old ones; the server closes that one.
    switchMap((params, i) => {
      const joined$ = join(params).pipe(tap(proved))
      return i === 0 ? joined$ : joined$.pipe(joining())
    }),
    joining(),
  )
}

const evaluate = (topic: SharedTopic, attempt: number): Observable<unknown> => {
  const { input, joinTimeoutMs } = topic.settings
  return defer(() => {
    const { lastMessage } = topic
    return input.at(lastMessage ? { attempt, lastMessage } : { attempt })
  }).pipe(
    timeout({
      first: joinTimeoutMs,
      scheduler: topic.context.settings.scheduler,
      with: () =>
        throwError(
          () => new InputFailed(input.name, DEV ? `no value within ${joinTimeoutMs} ms` : undefined),
        ),
    }),
  )
}
