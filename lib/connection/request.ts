import { isLeft } from 'fp-ts/Either'
import { Observable } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import { InvalidPayload } from '../protocol/push-error.ts'
import { type Reply } from '../protocol/reply.ts'
import { type Wire } from './wire.ts'

export interface Answer {
  readonly reply: Reply
  readonly message: Message
}

/** What a heartbeat, a join and a leave have in common: one message with a fresh ref, and its reply. */
export interface Request {
  readonly topic: string
  readonly event: string
  readonly payload: unknown
  /** The join_ref, given the ref of this message: a join's are the same. */
  readonly joinRef: (ref: string) => string | null
}

/**
 * Sends one message for each subscription and gives its answer, whatever its status: one value, then complete.
 * Errors with `InvalidPayload` if the payload cannot be carried. Unsubscribing forgets the reply.
 */
export const request = (wire: Wire, { topic, event, payload, joinRef }: Request): Observable<Answer> =>
  new Observable<Answer>((subscriber) => {
    const ref = wire.nextRef()
    // Listen before sending, since a server in memory answers within send.
    wire.replies.set(ref, {
      topic,
      settle: (reply, message) => {
        subscriber.next({ reply, message })
        subscriber.complete()
      },
    })
    const sent = wire.send({ topic, event, payload, ref, joinRef: joinRef(ref) })
    if (isLeft(sent)) subscriber.error(new InvalidPayload({ topic, event, error: sent.left }))
    return () => wire.replies.delete(ref)
  })
