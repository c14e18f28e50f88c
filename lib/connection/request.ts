import { isLeft } from 'fp-ts/Either'
import { identity, Observable } from 'rxjs'
import { InvalidPayload } from '../protocol/push-error.ts'
import { type Answer, AwaitedReply } from './awaited-reply.ts'
import { type Wire } from './wire.ts'

/** What a heartbeat, a join, a leave and a push have in common: one message with a fresh ref, and its reply. */
export interface Request {
  readonly topic: string
  readonly event: string
  readonly payload?: unknown
  /** Returns the join_ref, given the ref of this message, just before it is sent. Default: null. */
  readonly joinRef?: (ref: string) => string | null
  /** False: completes once it is sent, without a value. Default: true. */
  readonly wantsReply?: boolean
  /** Called if the link did not accept the frame, before the connection is lost because of it. */
  readonly notTaken?: () => void
  /** Makes the error if the payload cannot be encoded. Default: the `InvalidPayload` itself. */
  readonly invalid?: (error: InvalidPayload) => Error
}

/**
 * Sends one message for each subscription and emits its reply, whatever the status: one value, then complete. Errors with
 * `InvalidPayload` if the payload cannot be encoded. Unsubscribing forgets the reply.
 *
 *     reply    ---r
 *     request  ---(r|)
 */
export const request = (wire: Wire, message: Request): Observable<Answer> =>
  new Observable<Answer>((subscriber) => {
    const {
      topic,
      event,
      payload = {},
      joinRef: toJoinRef,
      wantsReply = true,
      notTaken,
      invalid = identity,
    } = message
    // A tracer may cancel it meanwhile.
    const cancelled = (): boolean => subscriber.closed
    if (cancelled()) return
    const ref = wire.context.nextRef()
    const joinRef = toJoinRef ? toJoinRef(ref) : null
    if (cancelled()) return
    const awaited = new AwaitedReply(wire.replies, topic, ref, joinRef, subscriber)
    if (wantsReply) {
      // Listens before sending, since a server in memory answers within send.
      wire.replies.set(ref, awaited)
      subscriber.add(awaited)
    }
    const sent = wire.send({ topic, event, payload, ref, joinRef }, () => {
      awaited.unsubscribe()
      notTaken?.()
    })
    if (isLeft(sent)) subscriber.error(invalid(new InvalidPayload({ topic, event, error: sent.left })))
    else if (sent.right && !wantsReply) subscriber.complete()
  })
