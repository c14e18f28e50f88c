import { type Subscriber } from 'rxjs'
import { type SocketError } from '../protocol/socket-error.ts'
import { type WorkOutcome } from '../connection/trace-event.ts'
import { type Wire } from '../connection/wire.ts'
import { type ChannelState } from './channel-state.ts'
import { type Outgoing } from './push.ts'
import { type Topic } from './topic.ts'

/** A push that has not ended, as its topic, the trace and `inspect` see it. */
export class PendingPush {
  readonly topic: Topic
  readonly outgoing: Outgoing
  readonly timeoutMs: number
  readonly subscribedAt: number
  /** Receives the states of the channel. */
  states: Subscriber<ChannelState> | undefined
  /** Once it is sent. */
  wire: Wire | undefined
  joinRef: string | null = null
  private ref: string | undefined

  constructor(topic: Topic, outgoing: Outgoing, timeoutMs: number) {
    this.topic = topic
    this.outgoing = outgoing
    this.timeoutMs = timeoutMs
    this.subscribedAt = topic.scheduler.now()
  }

  get sent(): boolean {
    return this.wire !== undefined
  }

  /** The state of the channel has changed. */
  follow(state: ChannelState): void {
    if (state.status !== 'joined' || !this.sent) this.states?.next(state)
  }

  /** The channel has failed. */
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
