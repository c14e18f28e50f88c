import { type Subscriber } from 'rxjs'
import { type Message } from '../protocol/message.ts'

/**
 * Hands messages to the subscribers of their event, with one look-up. An entry goes with its last subscriber.
 *
 * Lists are replaced and never changed, so that one that is being told stays as it is, and no copy is made per message.
 * A Subject for each event would do the same in several times the memory, which ten thousand channels feel.
 */
export class ByEvent {
  #all: readonly Subscriber<Message>[] = NOBODY
  #byEvent: Map<string, readonly Subscriber<unknown>[]> | undefined

  /** An event that nobody listens to costs one look-up; its payload is not read. */
  dispatch(message: Message): void {
    const subscribers = this.#byEvent?.get(message.event) ?? NOBODY
    if (this.#all !== NOBODY) {
      const read = plain(message)
      for (const subscriber of this.#all) subscriber.next(read)
    }
    if (subscribers === NOBODY) return
    const { payload } = message
    for (const subscriber of subscribers) subscriber.next(payload)
  }

  /** Adds a subscriber to all messages. */
  addToAll(subscriber: Subscriber<Message>): () => void {
    this.#all = [...this.#all, subscriber]
    return () => {
      this.#all = without(this.#all, subscriber)
    }
  }

  /** Adds a subscriber to the payloads of one event. */
  add(event: string, subscriber: Subscriber<unknown>): () => void {
    const byEvent = (this.#byEvent ??= new Map<string, readonly Subscriber<unknown>[]>())
    byEvent.set(event, [...(byEvent.get(event) ?? NOBODY), subscriber])
    return () => {
      const left = without(byEvent.get(event) ?? NOBODY, subscriber)
      if (left === NOBODY) byEvent.delete(event)
      else byEvent.set(event, left)
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

/** The list of those who listen where nobody does. */
export const NOBODY: readonly never[] = []

/** A message whose payload has been read, for users: they may copy or print it. */
export const plain = ({ joinRef, ref, topic, event, payload }: Message): Message => ({
  joinRef,
  ref,
  topic,
  event,
  payload,
})

/** A list without one of its members. */
export const without = <A>(list: readonly A[], member: A): readonly A[] => {
  const left = list.filter((each) => each !== member)
  return left.length > 0 ? left : NOBODY
}
