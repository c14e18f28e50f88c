import { type Observer, Subject, type Subscription } from 'rxjs'
import { type Message } from '../protocol/message.ts'

/**
 * Hands messages to the subscribers of their event, with one look-up. An event that nobody listens to costs that
 * look-up and no more; an entry goes with its last subscriber.
 */
export class ByEvent {
  readonly #subjects = new Map<string, Subject<Message>>()
  #all$: Subject<Message> | undefined

  dispatch(message: Message): void {
    this.#all$?.next(message)
    this.#subjects.get(message.event)?.next(message)
  }

  /** Subscribes to one event, or to all. */
  subscribe(event: string | undefined, observer: Partial<Observer<Message>>): Subscription {
    const subject = event === undefined ? (this.#all$ ??= new Subject()) : this.#subjectOf(event)
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

  #subjectOf(event: string): Subject<Message> {
    let subject = this.#subjects.get(event)
    if (!subject) this.#subjects.set(event, (subject = new Subject()))
    return subject
  }

  #everySubject(): Subject<Message>[] {
    return [...(this.#all$ ? [this.#all$] : []), ...this.#subjects.values()]
  }
}
