import { type Subscriber } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import { plainMessage } from '../protocol/plain-message.ts'

type Listeners<A> = readonly Subscriber<A>[]

/**
 * Hands messages to the subscribers of their event, with one look-up. An entry goes with its last subscriber.
 *
 * Lists are replaced and never changed, so that one that is being told stays as it is, and no copy is made per message.
 * The event that is listened to first has no Map: most channels have one, and with ten thousand of them what a message
 * costs is the memory that it touches. A Subject for each event would do the same in several times the memory.
 */
export class ByEvent {
  #all: Listeners<Message> = NOBODY
  #event = ''
  #listeners: Listeners<unknown> = NOBODY
  #others: Map<string, Listeners<unknown>> | undefined

  /** The payload of an event that nobody listens to is not read. */
  dispatch(message: Message): void {
    const listeners = this.#listenersTo(message.event)
    if (this.#all !== NOBODY) {
      const read = plainMessage(message)
      for (const subscriber of this.#all) subscriber.next(read)
    }
    if (listeners === NOBODY) return
    const { payload } = message
    for (const subscriber of listeners) subscriber.next(payload)
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
    this.#replace(event, [...this.#listenersTo(event), subscriber])
    return () => {
      this.#replace(event, without(this.#listenersTo(event), subscriber))
    }
  }

  complete(): void {
    for (const subscriber of this.#everybody()) subscriber.complete()
  }

  error(error: unknown): void {
    for (const subscriber of this.#everybody()) subscriber.error(error)
  }

  #listenersTo(event: string): Listeners<unknown> {
    return event === this.#event ? this.#listeners : (this.#others?.get(event) ?? NOBODY)
  }

  #replace(event: string, listeners: Listeners<unknown>): void {
    if (event === this.#event || (this.#listeners === NOBODY && !this.#others?.has(event))) {
      this.#event = event
      this.#listeners = listeners
    } else if (listeners === NOBODY) this.#others?.delete(event)
    else (this.#others ??= new Map()).set(event, listeners)
  }

  #everybody(): Subscriber<never>[] {
    return [...this.#all, ...this.#listeners, ...[...(this.#others?.values() ?? NOBODY)].flat()]
  }
}

/** The list of those who listen where nobody does. */
export const NOBODY: readonly never[] = []

/** A list without one of its members. */
export const without = <A>(list: readonly A[], member: A): readonly A[] => {
  const left = list.filter((each) => each !== member)
  return left.length > 0 ? left : NOBODY
}
