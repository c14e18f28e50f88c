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
 * One join: waits for its turn on the wire, is sent, and emits `joined` when its reply has come. The time counts from the sending.
 *
 *     turn    --t---------
 *     reply     ----r
 *     join    ------(j|)
 *
 * Errors with `JoinRefused`, `TooManyChannels`, `JoinTimeout`, or `InputFailed` if the params cannot be carried.
 * Unsubscribing makes room for the next join, but does not leave: that is up to whoever cancels a join that was sent.
 *
 * @param rejoined - whether the topic was joined before: then a refusal may be for a moment.
 * @param sent - gets the join_ref just before the join goes out: from then on messages may come.
 * @param failed - gets the error before anybody else.
 */
export const join = (
  wire: Wire,
  { name: topic, settings: { joinTimeoutMs, priority } }: SharedTopic,
  payload: unknown,
  rejoined: boolean,
  sent: (joinRef: string) => void,
  failed: (error: ChannelError) => void,
): Observable<ChannelState> =>
  // Made when its turn has come: ten thousand that wait must not have an operator more.
  defer(() => {
    let { bytesReceived } = wire
    let joinRef = ''
    const late = (): JoinTimeout | undefined => {
      // A large reply on a slow line: another join would queue behind it, and another reply behind that.
      if (wire.receiving && wire.bytesReceived !== bytesReceived) {
        ;({ bytesReceived } = wire)
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
