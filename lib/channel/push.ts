import { isLeft } from 'fp-ts/Either'
import { Observable, type Observer, type Subscriber, type Unsubscribable } from 'rxjs'
import { ChannelClosed, InvalidPayload, PushRefused, PushTimeout } from '../protocol/push-error.ts'
import { isUnmatchedTopic } from '../protocol/reply.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type Answer } from '../connection/awaited-reply.ts'
import { Backlog } from '../connection/backlog.ts'
import { request } from '../connection/request.ts'
import { type WorkOutcome } from '../connection/trace.ts'
import { type Wire } from '../connection/wire.ts'
import { within } from '../connection/within.ts'
import { type ChannelState } from './channel-state.ts'
import { type SharedTopic, type TopicPush } from './shared-topic.ts'

/**
 * Sends one event as soon as the channel is joined, and emits the response of its reply: one value, then complete. Every
 * push settles once, with that or with a `PushError`; see its classes for when.
 *
 *     joined  ---j----------
 *     reply      ----r
 *     push    -------(r|)
 *
 * @param timeoutMs - from subscription to reply. Default: the one with which the topic is joined.
 */
export const push = (
  topic: SharedTopic,
  outgoing: Outgoing,
  timeoutMs: number = topic.settings.pushTimeoutMs,
): Observable<unknown> =>
  new Observable((subscriber) => {
    const pending = new PendingPush(topic, outgoing, timeoutMs, subscriber)
    // First, since a tracer may cause the join: the push would be sent then, and again here.
    pending.report('start')
    if (subscriber.closed) return
    subscriber.add(pending)
    const late = (): PushTimeout =>
      new PushTimeout({ topic: topic.name, event: outgoing.event, sent: pending.sent, timeoutMs })
    subscriber.add(
      whenJoined(pending)
        .pipe(within(timeoutMs, topic.context.limits, late))
        .subscribe(pending),
    )
  })

/** The answer to the request, which is sent when the channel is joined. If that join is lost first, it waits for the next one. */
const whenJoined = (pending: PendingPush): Observable<Answer> =>
  new Observable((subscriber) => {
    const { topic } = pending
    pending.answers = subscriber
    topic.pushes.add(pending)
    if (topic.ready) pending.follow(topic.state)
    else {
      const error = invalid(pending)
      if (error) subscriber.error(error)
    }
  })

/** A payload that cannot be encoded fails now, not only when the channel is joined. */
const invalid = ({ topic: { context, name: topic }, outgoing }: PendingPush): InvalidPayload | undefined => {
  const { event, payload } = outgoing
  const encoded = context.settings.serializer.encode({ topic, event, payload, ref: '0', joinRef: '0' })
  return isLeft(encoded) ? new InvalidPayload({ topic, event, error: encoded.left }) : undefined
}

/** One event to be sent, once. */
export interface Outgoing {
  readonly event: string
  readonly payload: unknown
  /** False: completes once it is sent. */
  readonly wantsReply: boolean
  /** Waits while more bytes than these are buffered. Undefined: does not wait. */
  readonly highWaterMark: number | undefined
}

/**
 * A push that has not ended, as its topic, the trace and `inspect` see it. It observes its own answer, and keeps the topic
 * while it passes the outcome on. One object, since a thousand may be in flight.
 */
export class PendingPush implements TopicPush, Observer<Answer>, Unsubscribable {
  readonly subscribedAt: number
  /** Undefined until it is sent. */
  wire: Wire | undefined
  private joinRef: string | null = null
  private ref: string | undefined
  /** Receives the answer, or the error in its place. The time limit ends with it. */
  answers: Subscriber<Answer> | undefined
  /** Its place among the sends that wait until the transport has caught up. */
  private room: Unsubscribable | undefined

  constructor(
    readonly topic: SharedTopic,
    readonly outgoing: Outgoing,
    readonly timeoutMs: number,
    private readonly subscriber: Subscriber<unknown>,
  ) {
    this.subscribedAt = topic.scheduler.now()
  }

  get sent(): boolean {
    return this.wire !== undefined
  }

  follow({ status }: ChannelState): void {
    const { topic, outgoing, sent } = this
    const { wire } = topic
    // A push that waits for the transport stops waiting when the join is lost.
    this.room?.unsubscribe()
    if (status === 'closed') this.answers?.error(new ChannelClosed({ topic: topic.name, sent }))
    else if (sent) {
      if (status !== 'joined') this.answers?.error(topic.loss())
    } else if (status === 'joined' && wire) {
      if (outgoing.highWaterMark === undefined) this.send(wire)
      else {
        const backlog = (wire.backlog ??= new Backlog(wire.link, topic.scheduler))
        this.room = backlog.add(outgoing.highWaterMark, () => {
          this.send(wire)
        })
      }
    }
  }

  stop(error: SocketError): void {
    this.answers?.error(this.sent ? this.topic.loss() : error)
  }

  next({ reply, message }: Answer): void {
    const { topic, outgoing } = this
    if (reply.status === 'ok') {
      this.settle('ok', () => {
        this.subscriber.next(reply.response)
        this.subscriber.complete()
      })
      return
    }
    // The state changes before the push fails, so that a retry waits for the rejoin. It has its answer, whatever follows.
    topic.pushes.delete(this)
    if (isUnmatchedTopic(message, reply)) topic.unmatched(this.joinRef, reply.response)
    this.error(new PushRefused({ topic: topic.name, event: outgoing.event, ...reply }))
  }

  error(error: SocketError): void {
    this.settle(error._tag, () => {
      this.subscriber.error(error)
    })
  }

  /** After its answer; or, for an event without a reply, once it is sent. */
  complete(): void {
    if (this.outgoing.wantsReply) return
    this.settle('sent', () => {
      this.subscriber.complete()
    })
  }

  unsubscribe(): void {
    this.topic.pushes.delete(this)
    this.room?.unsubscribe()
    // The trace ignores every end but the first.
    this.report('end', 'abandoned')
  }

  report(step: 'start' | 'sending' | 'end', outcome?: WorkOutcome): void {
    const { outgoing, ref, topic, wire } = this
    topic.trace.emit?.({
      type: 'push',
      key: this,
      step,
      outcome,
      topic: topic.name,
      event: outgoing.event,
      ref: wire && ref,
      connectionId: wire?.id,
    })
  }

  private send(wire: Wire): void {
    const { topic, outgoing } = this
    request(wire, {
      topic: topic.name,
      event: outgoing.event,
      payload: outgoing.payload,
      wantsReply: outgoing.wantsReply,
      joinRef: (ref) => {
        this.wire = wire
        this.ref = ref
        this.joinRef = topic.joinRef
        this.report('sending')
        return this.joinRef
      },
      // It is not sent: it waits for the next join.
      notTaken: () => {
        this.wire = undefined
      },
    }).subscribe(this.answers)
  }

  private settle(outcome: WorkOutcome, pass: () => void): void {
    this.topic.pushes.delete(this)
    this.report('end', outcome)
    this.topic.keepDuring(pass)
  }
}
