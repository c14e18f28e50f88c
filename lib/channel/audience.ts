import { type Observer } from 'rxjs'
import { type SocketError } from '../protocol/socket-error.ts'
import { type PushSnapshot } from '../connection/snapshot.ts'
import { ByEvent, NOBODY, without } from './by-event.ts'
import { type ChannelState } from './channel-state.ts'

/** A push as its session sees it. */
export interface SessionPush {
  /** The state has changed. */
  follow(state: ChannelState): void
  /** The session has failed for good. */
  stop(error: SocketError): void
  inspect(atMs: number): PushSnapshot
}

/**
 * Everybody whom a session tells something: the subscribers of its events and of its state, and its pushes. Little of it
 * is made before it is needed, since many of ten thousand channels have no use for all.
 */
export class Audience extends ByEvent {
  /** Replaced and never changed, so that a list that is being told stays as it is. */
  #subscribers: readonly Observer<ChannelState>[] = NOBODY
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

  inspectPushes(atMs: number): PushSnapshot[] {
    return [...(this.#pushes ?? NOBODY)].map((push) => push.inspect(atMs))
  }

  /** Adds a subscriber of the state. */
  addToStates(subscriber: Observer<ChannelState>): () => void {
    this.#subscribers = [...this.#subscribers, subscriber]
    return () => {
      this.#subscribers = without(this.#subscribers, subscriber)
    }
  }

  /**
   * Tells the state of a session: the subscribers first, then the pushes, so that whoever retries a push finds the new
   * state. False if one of them brought the next state about, of which all have heard by then.
   */
  tell(session: { readonly state: ChannelState }): boolean {
    const { state } = session
    for (const subscriber of this.#subscribers) {
      if (session.state !== state) return false
      subscriber.next(state)
    }
    // The Set itself and no copy: a push that is unsubscribed meanwhile is not sent, one that is made meanwhile is.
    for (const push of this.#pushes ?? NOBODY) {
      if (session.state !== state) return false
      push.follow(state)
    }
    return session.state === state
  }

  override complete(): void {
    for (const subscriber of this.#subscribers) subscriber.complete()
    super.complete()
  }

  /** Tells that the session has failed for good. */
  fail(error: SocketError): void {
    for (const subscriber of this.#subscribers) subscriber.error(error)
    this.error(error)
    for (const push of this.#pushes ?? NOBODY) push.stop(error)
  }
}
