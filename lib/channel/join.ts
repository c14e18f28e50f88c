import { defer, map, type Observable, tap } from 'rxjs'
import { type ChannelError, JoinRefused, JoinTimeout, TooManyChannels } from '../protocol/channel-error.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { PHX_JOIN } from '../protocol/event.ts'
import { type InvalidPayload } from '../protocol/push-error.ts'
import { reasonOf, type Reply } from '../protocol/reply.ts'
import { inTurn } from '../connection/join-turns.ts'
import { request } from '../connection/request.ts'
import { traced } from '../connection/trace.ts'
import { within } from '../connection/within.ts'
import { type Wire } from '../connection/wire.ts'
import { type ChannelState } from './channel-state.ts'
import { type SharedTopic } from './shared-topic.ts'

/**
 * One join: waits for its turn on the wire, is sent, and emits `joined` when its reply arrives. The time limit counts from
 * sending.
 *
 *     turn    --t---------
 *     reply     ----r
 *     join    ------(j|)
 *
 * Errors with `JoinRefused`, `TooManyChannels`, `JoinTimeout`, or `InputFailed` if the params cannot be encoded.
 * Unsubscribing makes room for the next join, but sends no leave: the caller does that for a join that was sent.
 *
 * @param rejoined - whether the topic was joined before: then a refusal may be temporary.
 * @param sent - receives the join_ref just before the join is sent: messages may arrive from then on.
 * @param failed - receives the error before anybody else.
 */
export const join = (
  wire: Wire,
  { name: topic, settings: { joinTimeoutMs, priority } }: SharedTopic,
  payload: unknown,
  rejoined: boolean,
  sent: (joinRef: string) => void,
  failed: (error: ChannelError) => void,
): Observable<ChannelState> =>
  // Built when its turn comes, so that a waiting join has no operators: ten thousand may wait.
  defer(() => {
    let { bytesReceived } = wire.link
    let joinRef = ''
    const late = (): JoinTimeout | undefined => {
      // A large reply on a slow line: another join would queue behind it, and another reply behind that.
      if (wire.receiving && wire.link.bytesReceived !== bytesReceived) {
        ;({ bytesReceived } = wire.link)
        return undefined
      }
      wire.turns.suspect(true)
      return new JoinTimeout({ topic, timeoutMs: joinTimeoutMs })
    }
    const withRef = (ref: string): string => {
      joinRef = ref
      sent(ref)
      return ref
    }
    const invalid = (error: InvalidPayload): InputFailed => new InputFailed('params', error)
    return request(wire, { topic, event: PHX_JOIN, payload, joinRef: withRef, invalid }).pipe(
      within(joinTimeoutMs, wire.context.limits, late),
      map(({ reply }): ChannelState => {
        wire.proved()
        if (reply.status !== 'ok') throw refusal(topic, reply, rejoined)
        return { status: 'joined', response: reply.response, joinRef, rejoined }
      }),
      tap({ error: failed }),
      traced(wire.context.trace, { type: 'join', topic, connectionId: wire.id }),
    )
  }).pipe(inTurn(wire.turns, priority))

const refusal = (topic: string, { response }: Reply, rejoined: boolean): ChannelError =>
  reasonOf(response) === 'too many channels joined'
    ? new TooManyChannels(topic, rejoined || undefined)
    : new JoinRefused({ topic, response, ...(rejoined && { rejoin: true }) })
