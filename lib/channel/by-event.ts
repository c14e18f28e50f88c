import { type Observer, Subject, type Subscription } from 'rxjs'
import { type Message } from '../protocol/message.ts'

/**
 * Hands messages to the subscribers of their event, with one look-up. An event that nobody listens to costs that
 * look-up and no more; an entry goes with its last subscriber.
 */
export class ByEvent {
  readonly #subjects: Map<string, Subject<Message>> = new Map()
  #all$: Subject<Message> | undefined

  dispatch(message: Message): void {
    this.#all$?.next(message)
    this.#subjects.get(message.event)?.next(message)
  }

  /** Subscribes to one event, or to all. */
  subscribe(event: string | undefined, observer: Partial<Observer<Message>>): Subscription {
    let subject = event === undefined ? this.#all$ : this.#subjects.get(event)
    if (!subject) {
      subject = new Subject()
      if (event === undefined) this.#all$ = subject
      else this.#subjects.set(event, subject)
    }
    const subscription = subject.subscribe(observer)
    subscription.add(() => {
      if (subject.observed) return
      if (event === undefined) this.#all$ = undefined
      else this.#subjects.delete(event)
    })
    return subscription
  }

  complete(): void {
    for (const subject of this.#everySubject()) subject.complete()
  }

  error(error: unknown): void {
    for (const subject of this.#everySubject()) subject.error(error)
  }

  #everySubject(): Subject<Message>[] {
    return [...(this.#all$ ? [this.#all$] : []), ...this.#subjects.values()]
  }
}
