import { type Subscriber } from 'rxjs'
import { type SocketError } from '../protocol/socket-error.ts'
import { type WorkOutcome } from '../connection/trace-event.ts'
import { type Wire } from '../connection/wire.ts'
import { type ChannelState } from './channel-state.ts'
import { type SharedTopic, type TopicPush } from './shared-topic.ts'

/** One event to be sent, once. */
export interface Outgoing {
  readonly event: string
  readonly payload: unknown
  /** False: completes once it is sent. */
  readonly wantsReply: boolean
  /** Waits while more bytes than these are buffered. Undefined: does not wait. */
  readonly highWaterMark: number | undefined
}

/** A push that has not ended, as its topic, the trace and `inspect` see it. */
export class PendingPush implements TopicPush {
  readonly topic: SharedTopic
  readonly outgoing: Outgoing
  readonly timeoutMs: number
  readonly subscribedAt: number
  /** Receives the states of the channel. */
  states: Subscriber<ChannelState> | undefined
  /** Once it is sent. */
  wire: Wire | undefined
  joinRef: string | null = null
  private ref: string | undefined

  constructor(topic: SharedTopic, outgoing: Outgoing, timeoutMs: number) {
    this.topic = topic
    this.outgoing = outgoing
    this.timeoutMs = timeoutMs
    this.subscribedAt = topic.scheduler.now()
  }

  get sent(): boolean {
    return this.wire !== undefined
  }

  follow(state: ChannelState): void {
    if (state.status !== 'joined' || !this.sent) this.states?.next(state)
  }

  stop(error: SocketError): void {
    this.states?.error(this.sent ? this.topic.loss() : error)
  }

  /** It is about to be sent. Returns its join_ref. */
  sending(wire: Wire, ref: string): string | null {
    this.wire = wire
    this.ref = ref
    this.joinRef = this.topic.joinRef
    this.report('sending')
    return this.joinRef
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
}
