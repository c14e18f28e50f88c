import { type Subscriber } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import { plainMessage } from '../protocol/plain-message.ts'

/** No event has this name. */
const ALL = ''

/**
 * The subscribers of a topic's messages, by event: one look-up per message. Lists are replaced and never changed, so that one
 * that is being walked stays as it is, without a copy per message. An entry goes with its last subscriber.
 */
export class Listeners {
  private readonly lists: Map<string, Subscriber<never>[]> = new Map()

  /** Adds a subscriber to the payloads of one event. Returns the teardown. */
  add(event: string, subscriber: Subscriber<unknown>): () => void {
    const { lists } = this
    lists.set(event, (lists.get(event) ?? []).concat(subscriber))
    return () => {
      const left = lists.get(event)?.filter((each) => each !== subscriber) ?? []
      if (left.length > 0) lists.set(event, left)
      else lists.delete(event)
    }
  }

  /** Adds a subscriber to all messages. */
  addToAll(subscriber: Subscriber<Message>): () => void {
    return this.add(ALL, subscriber)
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

  /** Everybody, for the end. */
  all(): readonly Subscriber<never>[] {
    return [...this.lists.values()].flat()
  }
}
