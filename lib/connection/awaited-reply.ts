import { type Subscriber, type Unsubscribable } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import { type Reply } from '../protocol/reply.ts'

/** The reply to one ref. */
export interface Answer {
  readonly reply: Reply
  readonly message: Message
}

/** Waits for the reply to one ref; unsubscribing forgets it. An object and no closure, since a thousand may wait. */
export class AwaitedReply implements Unsubscribable {
  /**
   * @param replies - the table that it is in.
   * @param joinRef - the join that it belongs to: the reply to another one is not for it. Null: it belongs to none.
   */
  constructor(
    private readonly replies: Map<string, AwaitedReply>,
    readonly topic: string,
    private readonly ref: string,
    readonly joinRef: string | null,
    readonly subscriber: Subscriber<Answer>,
  ) {}

  settle(answer: Answer): void {
    this.unsubscribe()
    this.subscriber.next(answer)
    this.subscriber.complete()
  }

  unsubscribe(): void {
    this.replies.delete(this.ref)
  }
}
