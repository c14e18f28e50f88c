import { type Observer, type Subscriber } from 'rxjs'
import { type Message, plainMessage } from '../protocol/message.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { type ChannelState } from './channel-state.ts'
import { type TopicPush } from './shared-topic.ts'

/** In place of an event: all messages, the states, and nothing but the end. Symbols, since a server may send any name. */
export const ALL: unique symbol = Symbol('all messages')
export const STATES: unique symbol = Symbol('states')
export const END: unique symbol = Symbol('end')

/**
 * Who listens to a topic: to its messages, by event (one look-up per message), and to its state, as do its pushes. Lists are
 * replaced and never changed, so that one that is being walked stays as it is, without a copy per message. An entry goes
 * with its last subscriber.
 */
export class Listeners {
  private readonly lists: Map<string | symbol, Subscriber<never>[]> = new Map()
  private pending: Set<TopicPush> | undefined

  /** The pushes that have not ended, in order of subscription. Most channels have none. */
  get pushes(): Set<TopicPush> {
    return (this.pending ??= new Set())
  }

  /** Adds a subscriber to the payloads of one event, or to one of the symbols. Returns the teardown. */
  add(event: string | symbol, subscriber: Subscriber<never>): () => void {
    const { lists } = this
    lists.set(event, (lists.get(event) ?? []).concat(subscriber))
    return () => {
      const left = lists.get(event)?.filter((each) => each !== subscriber) ?? []
      if (left.length > 0) lists.set(event, left)
      else lists.delete(event)
    }
  }

  /** The payload of an event that nobody listens to is not read. */
  dispatch(message: Message): void {
    const all: readonly Subscriber<unknown>[] | undefined = this.lists.get(ALL)
    const listeners: readonly Subscriber<unknown>[] | undefined = this.lists.get(message.event)
    if (all) for (const subscriber of all) subscriber.next(plainMessage(message))
    if (!listeners) return
    const { payload } = message
    for (const subscriber of listeners) subscriber.next(payload)
  }

  /**
   * The observers receive the state first, then the pushes, so that a push that is retried finds the new state.
   *
   * @param isCurrent - false once one of them has caused the next state, which all have received by then.
   */
  announce(state: ChannelState, isCurrent: () => boolean): void {
    const observers: readonly Subscriber<unknown>[] = this.lists.get(STATES) ?? []
    for (const observer of observers) if (isCurrent()) observer.next(state)
    // The Set itself, not a copy: a push that is unsubscribed meanwhile is not sent, one that is added meanwhile is.
    for (const push of this.pending ?? []) if (isCurrent()) push.follow(state)
  }

  /** The topic has failed, and has no more subscribers. */
  fail(error: SocketError): void {
    for (const each of this.everybody()) each.error(error)
    for (const push of this.pending ?? []) push.stop(error)
  }

  /** The server has closed the channel. */
  complete(): void {
    for (const each of this.everybody()) each.complete()
  }

  private everybody(): readonly Observer<never>[] {
    return [...this.lists.values()].flat()
  }
}
