import { type Subscriber } from 'rxjs'
import { type Message } from '../protocol/message.ts'

/**
 * Hands messages to the subscribers of their event, with one look-up. An event that nobody listens to costs that
 * look-up and no more; an entry goes with its last subscriber.
 *
 * Lists are replaced and never changed, so that one that is being told stays as it is, and no copy is made per message.
 * A Subject for each event would do the same in several times the memory, which ten thousand channels feel.
 */
export class ByEvent {
  #all: readonly Subscriber<Message>[] = NOBODY
  #byEvent: Map<string, readonly Subscriber<unknown>[]> | undefined

  dispatch(message: Message): void {
    for (const subscriber of this.#all) subscriber.next(message)
    const subscribers = this.#byEvent?.get(message.event)
    if (subscribers) for (const subscriber of subscribers) subscriber.next(message.payload)
  }

  /** Adds a subscriber to all messages. */
  addToAll(subscriber: Subscriber<Message>): () => void {
    this.#all = [...this.#all, subscriber]
    return () => {
      this.#all = this.#all.filter((each) => each !== subscriber)
    }
  }

  /** Adds a subscriber to the payloads of one event. */
  add(event: string, subscriber: Subscriber<unknown>): () => void {
    const byEvent = (this.#byEvent ??= new Map<string, readonly Subscriber<unknown>[]>())
    byEvent.set(event, [...(byEvent.get(event) ?? NOBODY), subscriber])
    return () => {
      const left = byEvent.get(event)?.filter((each) => each !== subscriber)
      if (left?.length) byEvent.set(event, left)
      else byEvent.delete(event)
    }
  }

  complete(): void {
    for (const subscriber of this.#everybody()) subscriber.complete()
  }

  error(error: unknown): void {
    for (const subscriber of this.#everybody()) subscriber.error(error)
  }

  #everybody(): Subscriber<never>[] {
    return [...this.#all, ...[...(this.#byEvent?.values() ?? [])].flat()]
  }
}

const NOBODY: readonly never[] = []
