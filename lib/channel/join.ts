import { defer, finalize, map, type Observable } from 'rxjs'
import { JoinRefused, JoinTimeout, TooManyChannels } from '../protocol/channel-error.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { PHX_JOIN, PHX_LEAVE } from '../protocol/event.ts'
import { reasonOf } from '../protocol/reply.ts'
import { type Deadlines } from '../socket/deadlines.ts'
import { type Answer, request } from '../socket/request.ts'
import { told } from '../socket/trace.ts'
import { type Wire } from '../socket/wire.ts'
import { within } from '../socket/within.ts'

export interface JoinRequest {
  readonly topic: string
  readonly params: unknown
  readonly timeoutMs: number
  /** Of two joins that wait for their turn, the one with the higher priority is sent first. */
  readonly priority: number
  readonly deadlines: Deadlines
  /** Called with the join_ref when the join is about to be sent: from now on messages may come. */
  readonly onSend: (joinRef: string) => void
}

/** What the server said to a join that it accepted. */
export interface Joined {
  readonly joinRef: string
  readonly response: unknown
}

/**
 * Joins a topic: waits for its turn on the wire, sends, and gives the answer. The time counts from the sending.
 *
 * Errors with `JoinRefused`, `TooManyChannels`, `JoinTimeout`, or `InvalidPayload` if the params cannot be carried. It
 * never leaves: whoever stops waiting for the answer of a join that was sent has to.
 */
export const join = (
  wire: Wire,
  { topic, params, timeoutMs, priority, deadlines, onSend }: JoinRequest,
): Observable<Joined> =>
  wire.joins.run(
    defer(() => {
      wire.countJoining(1)
      return request(wire, {
        topic,
        event: PHX_JOIN,
        payload: params,
        joinRef: (ref) => {
          onSend(ref)
          return ref
        },
      }).pipe(
        map(({ reply, message }: Answer) => {
          wire.proved()
          if (reply.status === 'ok') return { joinRef: message.ref ?? '', response: reply.response }
          throw reasonOf(reply.response) === 'too many channels joined'
            ? new TooManyChannels(topic)
            : new JoinRefused({ topic, response: reply.response })
        }),
        within(deadlines, timeoutMs, () => {
          wire.suspect()
          return new JoinTimeout({ topic, timeoutMs })
        }),
        told(wire.trace, { type: 'join', topic, connectionId: wire.id }),
        finalize(() => {
          wire.countJoining(-1)
        }),
      )
    }),
    priority,
  )

/** Sends a leave and does not wait for its answer. The join counts as leaving until the server has closed it. */
export const leave = (wire: Wire, topic: string, joinRef: string): void => {
  const ref = wire.nextRef()
  wire.leaving.add(joinRef)
  wire.replies.set(ref, {
    topic,
    settle: ({ status }) => {
      // "unmatched topic": the server did not know the join, so it will not close it either.
      if (status !== 'ok') wire.leaving.delete(joinRef)
    },
  })
  wire.send({ topic, event: PHX_LEAVE, payload: {}, ref, joinRef })
}

/** Params that cannot be encoded are a failed input, whatever they came from. */
export const asInputFailed = (error: unknown): unknown =>
  (error as { _tag?: unknown } | undefined)?._tag === 'InvalidPayload'
    ? new InputFailed('params', error)
    : error
