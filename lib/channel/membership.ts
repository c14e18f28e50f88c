import { NEVER, noop, type Observable, type SchedulerLike, Subscription, throwError } from 'rxjs'
import { ChannelCrashed, type ChannelError } from '../protocol/channel-error.ts'
import { PHX_CLOSE, PHX_ERROR, PHX_LEAVE } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'
import { isUnmatchedTopic, replyOf } from '../protocol/reply.ts'
import { anyOf, withSubscription } from '../connection/operators.ts'
import { request } from '../connection/request.ts'
import { retryBy, type Retrying } from '../connection/retry-by.ts'
import { type RetryPolicy } from '../connection/retry-policy.ts'
import { type DropReason } from '../connection/trace.ts'
import { type TopicReceiver, type Wire } from '../connection/wire.ts'
import { type ChannelState } from './channel-state.ts'
import { join, type Joining } from './join.ts'
import { type SharedTopic } from './shared-topic.ts'

/**
 * A topic's join on one connection after another: the join that the server may have, and the attempts to make it. The
 * attempts are one retry pipeline, including the first; it completes once joined, and nothing of it is kept. Its states go to
 * the topic:
 *
 *     join    j---#
 *     join            j---(j|)
 *     states  j---e---j---(j|)
 */
export class Membership implements Retrying<ChannelState, ChannelError>, Joining, TopicReceiver {
  /** The open connection, if there is one. */
  wire: Wire | undefined
  /** Of the join that is sent or answered. */
  joinRef: string | undefined
  rejoined = false
  readonly name = 'rejoin'
  private attempts: Subscription | undefined
  /** Why the last join was lost, if the policy has not been called for that yet. */
  private lost: ChannelError | undefined

  constructor(readonly topic: SharedTopic) {}

  get scheduler(): SchedulerLike {
    return this.topic.scheduler
  }

  get retryNow$(): Observable<unknown> {
    const { context, settings } = this.topic
    return anyOf(context.settings.wake, settings.input.changes$)
  }

  /** Joins until joined. `lost` is why the last join was lost, if it was: the policy is called first. */
  begin(lost?: ChannelError): void {
    this.lost = lost
    const replaceFormer = withSubscription<ChannelState>((attempts) => {
      const former = this.attempts
      this.attempts = attempts
      // This makes room for another topic's join; a subscriber of that topic may end the new attempts too.
      former?.unsubscribe()
    })
    retryBy(this).pipe(replaceFormer).subscribe(this)
  }

  attempt(failures: () => number, proved: () => void): Observable<ChannelState> {
    const { lost, wire } = this
    this.lost = undefined
    if (lost) return throwError(() => lost)
    return wire ? join(wire, this, failures, proved) : NEVER
  }

  decide(cause: ChannelError, attempt: number): ReturnType<RetryPolicy> {
    const { input, rejoin } = this.topic.settings
    // The server may have a join that it did not answer, and it has the last one if a stream of params fails: that join is left,
    // so that no ghost of it stays. A refused join does not exist.
    this.forget(cause._tag === 'JoinTimeout' || cause._tag === 'InputFailed')
    // An invalid constant is not retried.
    return input.fixed && cause._tag === 'InputFailed' && cause.input === input.name
      ? 'stop'
      : rejoin(cause, attempt)
  }

  waiting(attempt: number, retryInMs: number, cause: ChannelError): ChannelState {
    return { status: 'errored', attempt, retryInMs, cause }
  }

  sent(joinRef: string): void {
    this.joinRef = joinRef
    this.wire?.topics.set(this.topic.name, this)
  }

  next(state: ChannelState): void {
    this.rejoined ||= state.status === 'joined'
    this.topic.become(state, state.status === 'errored' ? state.cause : undefined)
  }

  error(error: ChannelError): void {
    this.topic.fail(error, true)
  }

  complete(): void {
    this.attempts = undefined
  }

  /** Ends the join, and the attempts. `leaving`: the server may still have it. */
  end(leaving: boolean): void {
    this.forget(leaving)
    this.attempts?.unsubscribe()
  }

  receive(message: Message): DropReason | undefined {
    const { event, ref, joinRef } = message
    const endsJoin = event === PHX_CLOSE || event === PHX_ERROR
    // A broadcast has join_ref null, so it passes. With version 1.0.0 there is no join_ref, but that of the join stands in
    // `ref` of the two events that end it.
    const isStale =
      joinRef === null ? endsJoin && ref !== null && ref !== this.joinRef : joinRef !== this.joinRef
    if (isStale) return 'stale join_ref'
    if (event === PHX_ERROR) this.lose(message.payload)
    else if (event === PHX_CLOSE) this.topic.close()
    else this.topic.dispatch(message)
    return undefined
  }

  receiveUnawaited(message: Message): boolean {
    const reply = this.topic.wire && replyOf(message)
    // Refs rise, so a reply to an older ref is about an older join.
    const lost = reply && isUnmatchedTopic(message, reply) && Number(message.ref) > Number(this.joinRef)
    if (lost) this.lose(reply.response)
    return lost === true
  }

  /**
   * The server no longer has the join; the policy decides what follows. If the join was not answered yet, it has failed, and
   * the policy keeps counting; otherwise the count starts again.
   */
  lose(payload: unknown): void {
    const error = new ChannelCrashed({ topic: this.topic.name, payload })
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
