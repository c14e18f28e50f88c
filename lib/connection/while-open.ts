import { type MonoTypeOperatorFunction, Observable, type Subscription } from 'rxjs'

/** Ends with a subscription that is there first: a subscriber may end it all while the source is still being subscribed. */
export const whileOpen =
  <A>(subscription: Subscription): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      subscription.add(subscriber)
      if (!subscriber.closed) source$.subscribe(subscriber)
    })
