import { isLeft } from 'fp-ts/Either'
import { defer, type Observable, type Subscriber } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import {
  ChannelClosed,
  InvalidPayload,
  type PushError,
  PushRefused,
  PushTimeout,
} from '../protocol/push-error.ts'
import { isUnmatchedTopic, type Reply } from '../protocol/reply.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type Deadlines } from '../socket/deadlines.ts'
import { within } from '../socket/within.ts'
import { type ReplyReceiver, type Wire } from '../socket/wire.ts'
import { type ChannelState } from './channel-state.ts'
import { type SessionPush, type TopicSession } from './session.ts'

/** One event to be sent, once. */
export interface Outgoing {
  readonly topic: string
  readonly event: string
  readonly payload: unknown
  /** False: completes once it is sent. */
  readonly wantsReply: boolean
}

/** Where a push gets its session, and how long it may take. */
export interface PushContext {
  readonly deadlines: Deadlines
  readonly timeoutMs: number
  readonly derive: (
    attach: (session: TopicSession, subscriber: Subscriber<unknown>) => () => void,
  ) => Observable<unknown>
}

/**
 * Sends one event for each subscription, as soon as the channel is joined, and gives the response of its reply: one
 * value, then complete. Every push settles once, with that or with a `PushError`; see its classes for when.
 */
export const push = (
  outgoing: Outgoing,
  { deadlines, timeoutMs, derive }: PushContext,
): Observable<unknown> =>
  defer(() => {
    let sending: Sending | undefined
    return derive((session, subscriber) => {
      sending = new Sending(outgoing, session, subscriber)
      sending.begin()
      return () => sending?.forget()
    }).pipe(
      within(
        deadlines,
        timeoutMs,
        () => new PushTimeout({ ...outgoing, sent: sending?.sent ?? false, timeoutMs }),
      ),
    )
  })

/** The life of one push: waits for the join, is sent, and then for its reply. A late reply finds it gone. */
class Sending implements SessionPush, ReplyReceiver {
  readonly topic: string
  readonly #outgoing: Outgoing
  readonly #session: TopicSession
  readonly #subscriber: Subscriber<unknown>
  #wire: Wire | undefined
  #ref: string | undefined
  #joinRef: string | null = null

  constructor(outgoing: Outgoing, session: TopicSession, subscriber: Subscriber<unknown>) {
    this.topic = outgoing.topic
    this.#outgoing = outgoing
    this.#session = session
    this.#subscriber = subscriber
  }

  get sent(): boolean {
    return this.#ref !== undefined
  }

  begin(): void {
    this.#session.pushes.add(this)
    const { wire } = this.#session
    if (wire) this.#send(wire)
    else this.#check()
  }

  follow(state: ChannelState, lost: () => PushError): void {
    if (state.status === 'closed')
      this.#subscriber.error(new ChannelClosed({ topic: this.topic, sent: this.sent }))
    else if (state.status !== 'joined') {
      if (this.sent) this.#subscriber.error(lost())
    } else if (!this.sent && this.#session.wire) this.#send(this.#session.wire)
  }

  stop(error: SocketError, lost: () => PushError): void {
    this.#subscriber.error(this.sent ? lost() : error)
  }

  settle(reply: Reply, message: Message): void {
    if (reply.status === 'ok') {
      this.#subscriber.next(reply.response)
      this.#subscriber.complete()
      return
    }
    // This push has its answer. The state changes before it is told, so that a retry waits for the rejoin.
    this.#session.pushes.delete(this)
    if (isUnmatchedTopic(message, reply)) this.#session.unmatched(this.#joinRef, reply.response)
    const { event } = this.#outgoing
    this.#subscriber.error(new PushRefused({ topic: this.topic, event, ...reply }))
  }

  forget(): void {
    this.#session.pushes.delete(this)
    if (this.#ref !== undefined) this.#wire?.replies.delete(this.#ref)
  }

  #send(wire: Wire): void {
    const { topic, event, payload, wantsReply } = this.#outgoing
    const ref = wire.nextRef()
    const { joinRef } = this.#session
    // Listen before sending, since a server in memory answers within send.
    if (wantsReply) wire.replies.set(ref, this)
    this.#ref = ref
    this.#wire = wire
    this.#joinRef = joinRef
    const sent = wire.send({ topic, event, payload, ref, joinRef })
    if (isLeft(sent)) {
      this.#subscriber.error(new InvalidPayload({ topic, event, error: sent.left }))
    } else if (!wantsReply) this.#subscriber.complete()
  }

  /** A payload that cannot be carried is told now, and not when the channel is joined some day. */
  #check(): void {
    const { topic, event, payload } = this.#outgoing
    const encoded = this.#session.context.socket.serializer.encode({
      topic,
      event,
      payload,
      ref: '0',
      joinRef: '0',
    })
    if (isLeft(encoded)) this.#subscriber.error(new InvalidPayload({ topic, event, error: encoded.left }))
  }
}
