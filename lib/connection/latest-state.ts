import { Observable, type Subscriber, type SubjectLike } from 'rxjs'

/**
 * A subject that replays its latest value, for any number of subscribers that come and go: a `ReplaySubject` searches its list
 * for each that goes, which is quadratic when ten thousand topics are left. One that subscribes while a value is being emitted
 * gets it after those that were there first.
 */
export const latestState = <A>(): SubjectLike<A> => {
  const subscribers: Set<Subscriber<A>> = new Set()
  let latest: { readonly value: A } | undefined
  let emitting = false
  const states$ = new Observable<A>((subscriber) => {
    subscribers.add(subscriber)
    subscriber.add(() => subscribers.delete(subscriber))
    if (latest && !emitting) subscriber.next(latest.value)
  })
  // The Set itself and no copy: it also walks those that are added meanwhile, and none that are gone.
  return {
    subscribe: (observer) => states$.subscribe(observer),
    next: (value) => {
      latest = { value }
      emitting = true
      for (const subscriber of subscribers) subscriber.next(value)
      emitting = false
    },
    error: (error) => {
      for (const subscriber of subscribers) subscriber.error(error)
    },
    complete: () => {
      for (const subscriber of subscribers) subscriber.complete()
    },
  }
}
