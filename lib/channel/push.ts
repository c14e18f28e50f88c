import { isLeft } from 'fp-ts/Either'
import { type Subscriber, type Unsubscribable } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import { ChannelClosed, InvalidPayload, PushRefused, PushTimeout } from '../protocol/push-error.ts'
import { isUnmatchedTopic, type Reply } from '../protocol/reply.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { Backlog } from '../connection/backlog.ts'
import { type DeadlineQueue, type Timed } from '../connection/deadlines.ts'
import { type PushSnapshot } from '../connection/snapshot.ts'
import { type WorkOutcome } from '../connection/trace-event.ts'
import { type ReplyReceiver, type Wire } from '../connection/wire.ts'
import { type SessionPush } from './audience.ts'
import { type ChannelState } from './channel-state.ts'
import { type TopicSession } from './session.ts'

/** One event to be sent, once. */
export interface Outgoing {
  readonly topic: string
  readonly event: string
  readonly payload: unknown
  /** False: completes once it is sent. */
  readonly wantsReply: boolean
  /** Waits while more bytes than these are buffered. Undefined: does not wait. */
  readonly highWaterMark: number | undefined
}

/**
 * Sends one event as soon as the channel is joined, and gives the response of its reply: one value, then complete. Every
 * push settles once, with that or with a `PushError`; see its classes for when.
 *
 * @param timeoutMs - from subscription to reply. Default: the one that the topic is held with.
 */
export const push = (
  session: TopicSession,
  subscriber: Subscriber<unknown>,
  outgoing: Outgoing,
  timeoutMs: number | undefined,
): Unsubscribable => {
  const sending = new Sending(session, subscriber, outgoing, timeoutMs ?? session.settings.pushTimeoutMs)
  sending.begin()
  return sending
}

/**
 * The life of one push: waits for the join, is sent, and then for its reply. A late reply finds it gone.
 *
 * It holds the session while it tells its outcome, so that who subscribes again at that, as `retry`, `repeat` and `concat`
 * do, finds the join, or the wait for it, and not a connection that closes.
 */
class Sending implements SessionPush, ReplyReceiver, Timed, Unsubscribable {
  readonly topic: string
  joinRef: string | null = null
  setAt = 0
  readonly #outgoing: Outgoing
  readonly #session: TopicSession
  readonly #subscriber: Subscriber<unknown>
  readonly #deadline: DeadlineQueue
  /** Its place among those who wait for the transport. */
  #backlogged: Unsubscribable | undefined
  /** Once sent. */
  #wire: Wire | undefined
  #ref = ''

  constructor(session: TopicSession, subscriber: Subscriber<unknown>, outgoing: Outgoing, timeoutMs: number) {
    this.topic = outgoing.topic
    this.#outgoing = outgoing
    this.#session = session
    this.#subscriber = subscriber
    this.#deadline = session.context.deadlines.set(timeoutMs, this)
  }

  inspect(atMs: number): PushSnapshot {
    const status = this.#wire ? 'sent' : 'waiting'
    return {
      event: this.#outgoing.event,
      status,
      ageMs: atMs - this.setAt,
      timeoutMs: this.#deadline.timeoutMs,
    }
  }

  begin(): void {
    // First, since whoever is told may bring the join about: then it would be sent at that, and again here.
    this.#tell('start')
    this.#session.addPush(this)
    if (this.#session.ready) this.#send()
    else this.#check()
  }

  follow({ status }: ChannelState): void {
    const sent = this.#wire !== undefined
    if (status === 'closed') this.#fail(new ChannelClosed({ topic: this.topic, sent }))
    else if (status === 'joined') {
      if (!sent) this.#send()
    } else if (sent) this.#fail(this.#session.loss())
    else this.#backlogged?.unsubscribe()
  }

  stop(error: SocketError): void {
    this.#fail(this.#wire ? this.#session.loss() : error)
  }

  settle(reply: Reply, message: Message): void {
    const session = this.#session
    // It has its answer, whatever whoever is told of it brings about.
    session.removePush(this)
    if (reply.status === 'ok') {
      this.#tell('end', 'ok')
      session.hold()
      this.#subscriber.next(reply.response)
      this.#subscriber.complete()
      session.release()
    } else {
      // The state changes before the push is told, so that a retry waits for the rejoin.
      if (isUnmatchedTopic(message, reply)) session.unmatched(this.joinRef, reply.response)
      const { event } = this.#outgoing
      this.#fail(new PushRefused({ topic: this.topic, event, ...reply }))
    }
  }

  timeOut(timeoutMs: number): void {
    this.#fail(new PushTimeout({ ...this.#outgoing, sent: this.#wire !== undefined, timeoutMs }))
  }

  unsubscribe(): void {
    // No more than this if it has ended: the trace hears of the first end only.
    this.#tell('end', 'abandoned')
    this.#deadline.clear(this)
    this.#backlogged?.unsubscribe()
    this.#session.removePush(this)
    this.#wire?.replies.delete(this.#ref)
  }

  #send(): void {
    const { wire, scheduler } = this.#session
    const { highWaterMark } = this.#outgoing
    if (!wire) return
    if (highWaterMark === undefined) this.#sendOn(wire)
    else
      this.#backlogged = (wire.backlog ??= new Backlog(wire, scheduler)).add(highWaterMark, () => {
        this.#sendOn(wire)
      })
  }

  #sendOn(wire: Wire): void {
    const { topic, event, payload, wantsReply } = this.#outgoing
    const { joinRef } = this.#session
    const ref = wire.nextRef()
    // Listen before sending, since a server in memory answers within send.
    if (wantsReply) wire.replies.set(ref, this)
    this.#ref = ref
    this.#wire = wire
    this.joinRef = joinRef
    this.#tell('sending')
    const notTaken = (): void => {
      // It is not sent: it waits for the next join.
      wire.replies.delete(ref)
      this.#wire = undefined
    }
    const sent = wire.send({ topic, event, payload, ref, joinRef }, notTaken)
    if (isLeft(sent)) this.#fail(new InvalidPayload({ topic, event, error: sent.left }))
    else if (!wantsReply && this.#wire === wire) {
      this.#tell('end', 'sent')
      this.#session.hold()
      this.#subscriber.complete()
      this.#session.release()
    }
  }

  /** A payload that cannot be carried is told now, and not when the channel is joined some day. */
  #check(): void {
    const { topic, event, payload } = this.#outgoing
    const { serializer } = this.#session.context.socket
    const encoded = serializer.encode({ topic, event, payload, ref: '0', joinRef: '0' })
    if (isLeft(encoded)) this.#fail(new InvalidPayload({ topic, event, error: encoded.left }))
  }

  #tell(step: 'start' | 'sending' | 'end', outcome?: WorkOutcome): void {
    this.#session.trace.tell?.({
      type: 'push',
      key: this,
      step,
      outcome,
      topic: this.topic,
      event: this.#outgoing.event,
      ref: this.#wire && this.#ref,
      connectionId: this.#wire?.id,
    })
  }

  #fail(error: SocketError): void {
    this.#tell('end', error._tag)
    this.#session.hold()
    this.#subscriber.error(error)
    this.#session.release()
  }
}
