import { NEVER, noop, type Observable, Subscription } from 'rxjs'
import { type ChannelError } from '../protocol/channel-error.ts'
import { PHX_CLOSE, PHX_ERROR, PHX_LEAVE } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'
import { request } from '../connection/request.ts'
import { withSubscription } from '../connection/operators.ts'
import { type Wire } from '../connection/wire.ts'
import { type ChannelState } from './channel-state.ts'
import { join } from './join.ts'
import { rejoin } from './rejoin.ts'
import { type SharedTopic } from './shared-topic.ts'

/**
 * A topic's join on one connection after another: the join that the server may have, and the attempts to make it. The
 * attempts are one pipeline, including the first; it completes once joined, and nothing of it is kept.
 */
export class Membership {
  /** The open connection, if there is one. */
  wire: Wire | undefined
  /** Of the join that is sent or answered. */
  joinRef: string | undefined
  private readonly topic: SharedTopic
  private attempts: Subscription | undefined
  private wasJoined = false

  constructor(topic: SharedTopic) {
    this.topic = topic
  }

  /** Joins until joined. `lost` is why the last join was lost, if it was: the policy is called first. */
  begin(lost?: ChannelError): void {
    const attempts = new Subscription()
    const former = this.attempts
    this.attempts = attempts
    // This makes room for another topic's join; a subscriber of that topic may end the new attempts too.
    former?.unsubscribe()
    if (attempts.closed) return
    const attempt = (params: unknown): Observable<ChannelState> => this.attempt(params)
    rejoin(this.topic, lost, attempt)
      .pipe(
        withSubscription((subscription) => {
          attempts.add(subscription)
        }),
      )
      .subscribe({
        next: (state) => {
          // If a stream of params fails while joined, the server still has the join.
          if (state.status === 'errored') this.forget(true)
          this.wasJoined ||= state.status === 'joined'
          this.topic.become(state, state.status === 'errored' ? state.cause : undefined)
        },
        error: (error: ChannelError) => {
          this.topic.fail(error, true)
        },
        complete: () => {
          if (this.attempts === attempts) this.attempts = undefined
        },
      })
  }

  /** Ends the join, and the attempts. `leaving`: the server may still have it. */
  end(leaving: boolean): void {
    this.forget(leaving)
    this.attempts?.unsubscribe()
  }

  /**
   * The server has ended the join. If it was not answered yet, it has failed, and the policy keeps counting; otherwise the
   * count starts again.
   */
  lose(error: ChannelError): void {
    const underWay = this.wire?.replies.get(this.joinRef ?? '')
    if (underWay) underWay.subscriber.error(error)
    else {
      this.end(false)
      this.begin(error)
    }
  }

  /** Ends the join, while the attempts continue. */
  forget(leaving: boolean): void {
    const { wire, joinRef } = this
    if (!wire || joinRef === undefined) return
    // Before the leave, since a server in memory closes the channel within it.
    this.joinRef = undefined
    wire.topics.delete(this.topic.name)
    if (leaving) leave(wire, this.topic.name, joinRef)
  }

  /**
   * True if a message belongs to another join of the topic. A broadcast has join_ref null, so it passes. With version 1.0.0
   * there is no join_ref, but that of `phx_close` and `phx_error` stands in `ref`.
   */
  isStale({ event, ref, joinRef }: Message): boolean {
    const endsJoin = event === PHX_CLOSE || event === PHX_ERROR
    return joinRef === null ? endsJoin && ref !== null && ref !== this.joinRef : joinRef !== this.joinRef
  }

  /** One attempt: `joined`, then complete; or the error. Unsubscribing cancels it, without a leave. */
  private attempt(params: unknown): Observable<ChannelState> {
    const { topic, wire, wasJoined: rejoined } = this
    if (!wire) return NEVER
    const sent = (joinRef: string): void => {
      this.joinRef = joinRef
      wire.topics.set(topic.name, topic)
    }
    // An unanswered join may exist on the server: it is left, so that no ghost of it stays. A refused one does not exist.
    const failed = ({ _tag }: ChannelError): void => {
      this.forget(_tag === 'JoinTimeout')
    }
    return join(wire, topic, params, rejoined, sent, failed)
  }
}

/** Sends a leave. The join counts as leaving until the server has closed it. */
const leave = (wire: Wire, topic: string, joinRef: string): void => {
  const reply = new Subscription()
  wire.leaves.add(joinRef, reply)
  reply.add(
    request(wire, { topic, event: PHX_LEAVE, joinRef: () => joinRef }).subscribe({
      // "unmatched topic": the server did not know the join, so it will not close it either.
      next: (answer) => answer.reply.status === 'ok' || wire.leaves.delete(joinRef),
      // A custom serializer cannot encode it: nothing left to do.
      error: noop,
    }),
  )
}
