import { isLeft } from 'fp-ts/Either'
import { identity, Observable } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import { InvalidPayload } from '../protocol/push-error.ts'
import { type Reply } from '../protocol/reply.ts'
import { type Wire } from './wire.ts'

export interface Answer {
  readonly reply: Reply
  readonly message: Message
}

/** What a heartbeat, a join, a leave and a push have in common: one message with a fresh ref, and its reply. */
export interface Request {
  readonly topic: string
  readonly event: string
  readonly payload?: unknown
  /** Returns the join_ref, given the ref of this message, just before it is sent. Default: null. */
  readonly joinRef?: (ref: string) => string | null
  /** False: completes once it is sent, without a value. Default: true. */
  readonly wantsReply?: boolean
  /** Called if the link did not take the frame, before the connection is lost for that. */
  readonly notTaken?: () => void
  /** The error if the payload cannot be carried. Default: what is given. */
  readonly invalid?: (error: InvalidPayload) => Error
}

/**
 * Sends one message for each subscription and emits its reply, whatever the status: one value, then complete. Errors with
 * `InvalidPayload` if the payload cannot be carried. Unsubscribing forgets the reply.
 *
 *     reply    ---r
 *     request  ---(r|)
 */
export const request = (
  wire: Wire,
  {
    topic,
    event,
    payload = {},
    joinRef: toJoinRef = () => null,
    wantsReply = true,
    notTaken,
    invalid = identity,
  }: Request,
): Observable<Answer> =>
  new Observable<Answer>((subscriber) => {
    // A tracer may cancel it.
    const cancelled = (): boolean => subscriber.closed
    if (cancelled()) return
    const { replies } = wire
    const ref = wire.context.nextRef()
    const joinRef = toJoinRef(ref)
    if (cancelled()) return
    if (wantsReply) {
      // Listens before sending, since a server in memory answers within send.
      replies.set(ref, {
        topic,
        joinRef,
        settle: (reply, message) => {
          subscriber.next({ reply, message })
          subscriber.complete()
        },
        fail: (error) => {
          subscriber.error(error)
        },
      })
      subscriber.add(() => replies.delete(ref))
    }
    const sent = wire.send({ topic, event, payload, ref, joinRef }, () => {
      replies.delete(ref)
      notTaken?.()
    })
    if (isLeft(sent)) subscriber.error(invalid(new InvalidPayload({ topic, event, error: sent.left })))
    else if (sent.right && !wantsReply) subscriber.complete()
  })
