import { NEVER, type Observable, Subscription, tap } from 'rxjs'
import { type ChannelError } from '../protocol/channel-error.ts'
import { type Message } from '../protocol/message.ts'
import { type Deadlines } from '../socket/deadlines.ts'
import { type SocketSettings } from '../socket/socket-options.ts'
import { type TopicReceiver, type Wire } from '../socket/wire.ts'
import { type ChannelSettings } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { join, type Joined, leave } from './join.ts'
import { rejoin } from './rejoin.ts'

/** What becomes of a join that is given up. `leave`: the server may still have it. `gone`: it has not. */
export type GivenUp = 'leave' | 'gone'

/** Whose membership it is. */
export interface Member extends TopicReceiver {
  readonly topic: string
  readonly settings: ChannelSettings
  readonly context: { readonly socket: SocketSettings; readonly deadlines: Deadlines }
  readonly lastMessage: Message | undefined
  /** `joining`, `joined`, `errored` and so on, as `rejoin` shows them. */
  onState(state: ChannelState): void
  /** The policy has stopped. */
  onStop(error: ChannelError): void
}

/**
 * A topic's join on one connection after another: what the server may hold for us, and the pipeline that brings it
 * about, which exists only until the topic is joined.
 */
export class Membership {
  /** The open connection, if there is one. */
  wire: Wire | undefined
  /** Of the join that is sent or answered. */
  joinRef: string | undefined
  readonly #member: Member
  #joining: Subscription | undefined
  #wasJoined = false

  constructor(member: Member) {
    this.#member = member
  }

  /** Joins until joined. `lost` is why the last join went, if it did: the policy is asked first. */
  begin(lost?: ChannelError): void {
    const { settings, context } = this.#member
    this.#joining?.unsubscribe()
    const joining = new Subscription()
    this.#joining = joining
    joining.add(
      rejoin({
        settings,
        scheduler: context.socket.scheduler,
        wake$: context.socket.wake,
        lost,
        rejoined: () => this.#wasJoined,
        lastMessage: () => this.#member.lastMessage,
        join: (params) => this.#join(params),
      }).subscribe({
        next: (state) => {
          // A stream of params that failed while joined leaves a join behind.
          if (state.status === 'errored') this.forget('leave')
          this.#wasJoined ||= state.status === 'joined'
          this.#member.onState(state)
        },
        error: (error: ChannelError) => {
          this.#member.onStop(error)
        },
        complete: () => {
          // Nothing of the pipeline is kept while joined.
          if (this.#joining === joining) this.#joining = undefined
        },
      }),
    )
  }

  /** Ends the join, and the attempts to have one. */
  end(given: GivenUp): void {
    this.forget(given)
    this.#joining?.unsubscribe()
  }

  /** Ends the join, while the attempts go on. */
  forget(given: GivenUp): void {
    const { wire, joinRef } = this
    if (!wire || joinRef === undefined) return
    const { topic } = this.#member
    // Before the leave, since a server in memory closes the channel within it.
    this.joinRef = undefined
    wire.topics.delete(topic)
    if (given === 'leave') leave(wire, topic, joinRef)
  }

  #join(params: unknown): Observable<Joined> {
    const { wire } = this
    const member = this.#member
    const { topic, settings, context } = member
    if (!wire) return NEVER
    const onSend = (joinRef: string): void => {
      this.joinRef = joinRef
      wire.topics.set(topic, member)
    }
    const { joinTimeoutMs: timeoutMs, priority } = settings
    const { deadlines } = context
    return join(wire, { topic, params, timeoutMs, priority, deadlines, onSend }).pipe(
      // A join without an answer may be one on the server: no ghost of it stays. A refused one is none.
      tap({
        error: ({ _tag }: ChannelError) => {
          this.forget(_tag === 'JoinTimeout' ? 'leave' : 'gone')
        },
      }),
    )
  }
}
