import { map, type Observable } from 'rxjs'
import { type ChannelError, JoinRefused, JoinTimeout, TooManyChannels } from '../protocol/channel-error.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { PHX_JOIN } from '../protocol/event.ts'
import { reasonOf, type Reply } from '../protocol/reply.ts'
import { inTurn } from '../connection/join-turns.ts'
import { request } from '../connection/request.ts'
import { traced } from '../connection/trace.ts'
import { within } from '../connection/within.ts'
import { type Wire } from '../connection/wire.ts'
import { type SharedTopic } from './shared-topic.ts'

/**
 * One join: waits for its turn on the wire, is sent, and emits the response of its reply. The time counts from the sending.
 *
 *     turn    --t---------
 *     reply     ----r
 *     join    ------(r|)
 *
 * Errors with `JoinRefused`, `TooManyChannels`, `JoinTimeout`, or `InputFailed` if the params cannot be carried.
 * Unsubscribing makes room for the next join, but does not leave: that is up to whoever cancels a join that was sent.
 *
 * @param sent - gets the join_ref just before the join goes out: from then on messages may come.
 * @param rejoin - whether the topic was joined before: then a refusal may be for a moment.
 */
export const join = (
  wire: Wire,
  { name: topic, settings: { joinTimeoutMs, priority } }: SharedTopic,
  payload: unknown,
  rejoin: boolean,
  sent: (joinRef: string) => void,
): Observable<unknown> => {
  let bytesReceived: number | undefined
  const joinRef = (ref: string): string => {
    ;({ bytesReceived } = wire)
    sent(ref)
    return ref
  }
  const late = (): JoinTimeout | undefined => {
    // A large reply on a slow line: another join would queue behind it, and another reply behind that.
    if (wire.receiving && wire.bytesReceived !== bytesReceived) {
      ;({ bytesReceived } = wire)
      return undefined
    }
    wire.turns.suspect(true)
    return new JoinTimeout({ topic, timeoutMs: joinTimeoutMs })
  }
  return request(wire, {
    topic,
    event: PHX_JOIN,
    payload,
    joinRef,
    invalid: (error) => new InputFailed('params', error),
  }).pipe(
    within(joinTimeoutMs, wire.context.limits, late),
    map(({ reply }) => {
      wire.proved()
      if (reply.status !== 'ok') throw refusal(topic, reply, rejoin)
      return reply.response
    }),
    traced(wire.context.trace, { type: 'join', topic, connectionId: wire.id }),
    inTurn(wire.turns, priority),
  )
}

const refusal = (topic: string, { response }: Reply, rejoin: boolean): ChannelError =>
  reasonOf(response) === 'too many channels joined'
    ? new TooManyChannels(topic, rejoin || undefined)
    : new JoinRefused({ topic, response, ...(rejoin && { rejoin }) })
