import { NEVER, Observable, Subscription, type Unsubscribable } from 'rxjs'
import { type ChannelError } from '../protocol/channel-error.ts'
import { type Message } from '../protocol/message.ts'
import { type Deadlines } from '../connection/deadlines.ts'
import { type SocketSettings } from '../connection/socket-options.ts'
import { type TopicReceiver, type Wire } from '../connection/wire.ts'
import { type ChannelSettings } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { Join, type JoinObserver, leave } from './join.ts'
import { rejoin } from './rejoin.ts'

/** What becomes of a join that is given up. `leave`: the server may still have it. `gone`: it has not. */
export type GivenUp = 'leave' | 'gone'

/** Whose membership it is. */
export interface Member extends TopicReceiver {
  readonly topic: string
  readonly settings: ChannelSettings
  readonly context: { readonly socket: SocketSettings; readonly deadlines: Deadlines }
  readonly lastMessage: Message | undefined
  /** `joining`, `joined`, `errored` and so on. */
  onState(state: ChannelState): void
  /** The policy has stopped. */
  onStop(error: ChannelError): void
}

const JOINING: ChannelState = { status: 'joining', attempt: 0 }

/**
 * A topic's join on one connection after another: what the server may hold for us, and what is under way to bring it
 * about.
 *
 * The first attempt with plain params is a join and nothing else. One that fails, or whose params are to be evaluated, is
 * worth the pipeline of `rejoin`; to build it for each of ten thousand channels would be most of what a join costs.
 */
export class Membership implements JoinObserver {
  /** The open connection, if there is one. */
  wire: Wire | undefined
  /** Of the join that is sent or answered. */
  joinRef: string | undefined
  readonly #member: Member
  /** Nothing is kept while joined. */
  #attempts: Unsubscribable | undefined
  wasJoined = false

  constructor(member: Member) {
    this.#member = member
  }

  /** Joins until joined. `lost` is why the last join went, if it did: the policy is asked first. */
  begin(lost?: ChannelError): void {
    const { params } = this.#member.settings
    if (lost || !params.fixed || !this.wire) {
      this.#retry(lost)
      return
    }
    const join = this.#join(this.wire, params.value, this)
    this.#replaceAttempts(join)
    if (join.over) return
    this.#member.onState(JOINING)
    join.begin()
  }

  /** Ends the join, and the attempts to have one. */
  end(given: GivenUp): void {
    this.forget(given)
    this.#attempts?.unsubscribe()
  }

  /** The server has ended the join. One under way has failed, and the policy counts on; one that stood begins anew. */
  lose(error: ChannelError): void {
    const join = this.joinRef === undefined ? undefined : this.wire?.replies.get(this.joinRef)
    if (join instanceof Join) {
      join.fail(error)
      return
    }
    this.end('gone')
    this.begin(error)
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

  sent(joinRef: string): void {
    this.joinRef = joinRef
    this.wire?.topics.set(this.#member.topic, this.#member)
  }

  joined(joinRef: string, response: unknown): void {
    this.#attempts = undefined
    this.#become(this.#joined(joinRef, response))
  }

  failed(error: ChannelError, join: Join): void {
    this.#giveUp(error)
    // Somebody who was told something within the leave may have ended it all.
    if (!join.over) this.#retry(error)
  }

  /** A join without an answer may be one on the server: no ghost of it stays. A refused one is none. */
  #giveUp({ _tag }: ChannelError): void {
    this.forget(_tag === 'JoinTimeout' ? 'leave' : 'gone')
  }

  #joined(joinRef: string, response: unknown): ChannelState {
    return { status: 'joined', response, joinRef, rejoined: this.wasJoined }
  }

  #become(state: ChannelState): void {
    // A stream of params that failed while joined leaves a join behind.
    if (state.status === 'errored') this.forget('leave')
    this.wasJoined ||= state.status === 'joined'
    this.#member.onState(state)
  }

  #join(wire: Wire, params: unknown, observer: JoinObserver): Join {
    const { topic, settings, context } = this.#member
    return new Join(wire, topic, params, settings, context.deadlines, observer)
  }

  /** The former make room for the join of another topic; somebody who is told of that one may end it all, these as well. */
  #replaceAttempts(attempts: Unsubscribable): void {
    const former = this.#attempts
    this.#attempts = attempts
    former?.unsubscribe()
  }

  #retry(lost: ChannelError | undefined): void {
    const attempts = new Subscription()
    this.#replaceAttempts(attempts)
    if (attempts.closed) return
    attempts.add(
      rejoin(this.#member, lost, (params) => this.#joined$(params, attempts)).subscribe({
        next: (state) => {
          this.#become(state)
        },
        error: (error: ChannelError) => {
          this.#member.onStop(error)
        },
        complete: () => {
          if (this.#attempts === attempts) this.#attempts = undefined
        },
      }),
    )
  }

  /** One join as a stream: `joined`, then complete; or the error. Unsubscribing cancels it, and leaves nothing. */
  #joined$(params: unknown, attempts: Subscription): Observable<ChannelState> {
    const { wire } = this
    if (!wire) return NEVER
    return new Observable((subscriber) => {
      const join = this.#join(wire, params, {
        // A former join that is cancelled with this one makes room for it first; if it were sent, it would never be left.
        get closed() {
          return attempts.closed
        },
        wasJoined: this.wasJoined,
        sent: (joinRef) => {
          this.sent(joinRef)
        },
        joined: (joinRef, response) => {
          subscriber.next(this.#joined(joinRef, response))
          subscriber.complete()
        },
        failed: (error) => {
          this.#giveUp(error)
          subscriber.error(error)
        },
      })
      // At once, also while the stream is still being subscribed: who is told something may end the attempts.
      attempts.add(join)
      join.begin()
      return () => {
        attempts.remove(join)
        join.unsubscribe()
      }
    })
  }
}
