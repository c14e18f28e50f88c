import { type MonoTypeOperatorFunction, Observable } from 'rxjs'

/** `startWith`, which keeps an operator for as long as the source: this one is gone once the source is subscribed. */
export const startingWith =
  <A>(first: A): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      subscriber.next(first)
      if (!subscriber.closed) source$.subscribe(subscriber)
    })
