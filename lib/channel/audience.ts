import { type Observer } from 'rxjs'
import { ChannelCrashed, type ChannelError } from '../protocol/channel-error.ts'
import { ChannelClosed, type PushError } from '../protocol/push-error.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type PushSnapshot } from '../socket/snapshot.ts'
import { ByEvent } from './by-event.ts'
import { type ChannelState } from './channel-state.ts'

/** A push as its session sees it. */
export interface SessionPush {
  /** The state has changed; `lost` makes the error of a push that was sent before and can have no reply any more. */
  follow(state: ChannelState, lost: () => PushError): void
  /** The session has failed for good. */
  stop(error: SocketError, lost: () => PushError): void
  inspect(atMs: number): PushSnapshot
}

/**
 * Everybody whom a session tells something: the subscribers of its events and of its state, and its pushes. The sets are
 * made when they are needed, since many of ten thousand channels have no use for them.
 */
export class Audience extends ByEvent {
  #subscribers: Set<Observer<ChannelState>> | undefined
  /** In order of subscription. */
  #pushes: Set<SessionPush> | undefined

  /** Adds a push, which waits for the join or for its reply. */
  addPush(push: SessionPush): void {
    this.#pushes ??= new Set()
    this.#pushes.add(push)
  }

  removePush(push: SessionPush): void {
    this.#pushes?.delete(push)
  }

  inspect(atMs: number): PushSnapshot[] {
    return [...(this.#pushes ?? [])].map((push) => push.inspect(atMs))
  }

  /** Adds a subscriber of the state. */
  addToStates(subscriber: Observer<ChannelState>): () => void {
    this.#subscribers ??= new Set()
    this.#subscribers.add(subscriber)
    return () => this.#subscribers?.delete(subscriber)
  }

  /**
   * Tells a state: the subscribers first, then the pushes, so that whoever retries a push finds the new state. False if
   * one of them brought the next state about, of which all have heard by then.
   */
  tell(state: ChannelState, isCurrent: () => boolean, lost: () => PushError): boolean {
    for (const subscriber of [...(this.#subscribers ?? [])]) {
      if (!isCurrent()) return false
      subscriber.next(state)
    }
    // The Set itself and no copy: a push that is unsubscribed meanwhile is not sent, one that is made meanwhile is.
    for (const push of this.#pushes ?? []) {
      if (!isCurrent()) return false
      push.follow(state, lost)
    }
    return isCurrent()
  }

  override complete(): void {
    for (const subscriber of [...(this.#subscribers ?? [])]) subscriber.complete()
    super.complete()
  }

  /** Tells that the session has failed for good. */
  fail(error: SocketError, lost: () => PushError): void {
    for (const subscriber of [...(this.#subscribers ?? [])]) subscriber.error(error)
    this.error(error)
    for (const push of this.#pushes ?? []) push.stop(error, lost)
  }
}

/** What becomes of a push that had been sent, when its channel is in this state. */
export const lossOf =
  (
    topic: string,
    state: Pick<ChannelState, 'status'> & { readonly cause?: ChannelError },
  ): (() => PushError) =>
  () =>
    state.cause?._tag === 'ChannelCrashed'
      ? new ChannelCrashed({ topic, payload: state.cause.payload, sent: true })
      : new ChannelClosed({ topic, sent: true })
