import {
  defer,
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  switchMap,
  tap,
  throwError,
  timeout,
} from 'rxjs'
import { type ChannelError, JoinRefused, JoinTimeout, TooManyChannels } from '../protocol/channel-error.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { DEV } from '../protocol/dev.ts'
import { PHX_JOIN } from '../protocol/event.ts'
import { type InvalidPayload } from '../protocol/push-error.ts'
import { reasonOf, type Reply } from '../protocol/reply.ts'
import { inTurn } from '../connection/join-turns.ts'
import { startingWith } from '../connection/operators.ts'
import { request } from '../connection/request.ts'
import { traced } from '../connection/trace.ts'
import { type Wire } from '../connection/wire.ts'
import { within } from '../connection/within.ts'
import { type ChannelState } from './channel-state.ts'
import { type SharedTopic } from './shared-topic.ts'

/** What a join is made for. */
export interface Joining {
  readonly topic: SharedTopic
  /** Whether the topic was joined before: then a refusal may be temporary. */
  readonly rejoined: boolean
  /** Receives the join_ref just before the join is sent: messages may arrive from then on. */
  sent(joinRef: string): void
  /** Ends the join. `leaving`: the server may have it. */
  forget(leaving: boolean): void
}

/**
 * One attempt to join: `joining`, then `joined` and complete. If the params are a stream it does not complete, and each new
 * value joins again.
 *
 *     params   --p---------
 *     turn     ---t--------
 *     reply     -----r
 *     join     j-------(j|)
 *
 * Errors with `JoinRefused`, `TooManyChannels`, `JoinTimeout`, or `InputFailed` if there are no params or they cannot be
 * encoded. Unsubscribing makes room for the next join, but sends no leave: the caller does that for a join that was sent.
 */
export const join = (
  wire: Wire,
  joining: Joining,
  failures: () => number,
  proved: () => void,
): Observable<ChannelState> => {
  const { settings } = joining.topic
  const shown = (): MonoTypeOperatorFunction<ChannelState> =>
    startingWith<ChannelState>({ status: 'joining', attempt: failures() })
  // There is nothing to wait for, so no operators that wait.
  if (settings.input.fixed) return joinWith(wire, joining, settings.params).pipe(shown())
  return evaluate(joining.topic, failures()).pipe(
    // switchMap: new params replace the join that was made with the old ones; the server closes that one.
    switchMap((params, i) => {
      const joined$ = joinWith(wire, joining, params).pipe(tap(proved))
      return i === 0 ? joined$ : joined$.pipe(shown())
    }),
    shown(),
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
      scheduler: topic.scheduler,
      with: () =>
        throwError(
          () => new InputFailed(input.name, DEV ? `no value within ${joinTimeoutMs} ms` : undefined),
        ),
    }),
  )
}

/** Waits for its turn on the wire, sends the join, and emits `joined` when its reply arrives. The time limit counts from sending. */
const joinWith = (wire: Wire, joining: Joining, payload: unknown): Observable<ChannelState> => {
  const { name: topic, settings } = joining.topic
  const { joinTimeoutMs, priority } = settings
  // Built when its turn comes, so that a waiting join has no operators: ten thousand may wait.
  return defer(() => {
    const { rejoined } = joining
    let { bytesReceived } = wire.link
    let ref = ''
    const late = (): JoinTimeout | undefined => {
      // A large reply on a slow line: another join would queue behind it, and another reply behind that.
      if (wire.receiving && wire.link.bytesReceived !== bytesReceived) {
        ;({ bytesReceived } = wire.link)
        return undefined
      }
      wire.turns.suspect(true)
      return new JoinTimeout({ topic, timeoutMs: joinTimeoutMs })
    }
    const joinRef = (fresh: string): string => {
      joining.sent((ref = fresh))
      return ref
    }
    const invalid = (error: InvalidPayload): InputFailed => {
      joining.forget(false)
      return new InputFailed('params', error)
    }
    return request(wire, { topic, event: PHX_JOIN, payload, joinRef, invalid }).pipe(
      within(joinTimeoutMs, wire.context.limits, late),
      map(({ reply }): ChannelState => {
        wire.proved()
        if (reply.status !== 'ok') throw refusal(topic, reply, rejoined)
        return { status: 'joined', response: reply.response, joinRef: ref, rejoined }
      }),
      traced(wire.context.trace, { type: 'join', topic, connectionId: wire.id }),
    )
  }).pipe(inTurn(wire.turns, priority))
}

const refusal = (topic: string, { response }: Reply, rejoined: boolean): ChannelError =>
  reasonOf(response) === 'too many channels joined'
    ? new TooManyChannels(topic, rejoined || undefined)
    : new JoinRefused({ topic, response, ...(rejoined && { rejoin: true }) })
