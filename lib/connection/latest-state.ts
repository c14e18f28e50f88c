import { Observable, type Observer, type Subscriber, type SubjectLike, type Unsubscribable } from 'rxjs'

/**
 * A subject that replays its latest value, for any number of subscribers that come and go: a `ReplaySubject` searches its list
 * for each that goes, which is quadratic when ten thousand topics are left. One that subscribes while a value is being emitted
 * gets it after those that were there first.
 */
export class LatestState<A> implements SubjectLike<A> {
  /** The Set itself is walked and no copy: so are those that are added meanwhile, and none that are gone. */
  private readonly subscribers: Set<Subscriber<A>> = new Set()
  private latest: { readonly value: A } | undefined
  private emitting = false

  subscribe(observer: Partial<Observer<A>>): Unsubscribable {
    const states$ = new Observable<A>((subscriber) => {
      this.subscribers.add(subscriber)
      subscriber.add(() => this.subscribers.delete(subscriber))
      if (this.latest && !this.emitting) subscriber.next(this.latest.value)
    })
    return states$.subscribe(observer)
  }

  next(value: A): void {
    this.latest = { value }
    this.emitting = true
    for (const subscriber of this.subscribers) subscriber.next(value)
    this.emitting = false
  }

  error(error: unknown): void {
    for (const subscriber of this.subscribers) subscriber.error(error)
  }

  complete(): void {
    for (const subscriber of this.subscribers) subscriber.complete()
  }
}
