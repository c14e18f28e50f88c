import { type MonoTypeOperatorFunction, Observable, type Subscription } from 'rxjs'

/** Passes its subscription on before it subscribes to the source: a subscriber may end it all while that is still going on. */
export const withSubscription =
  <A>(use: (subscription: Subscription) => void): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      use(subscriber)
      if (!subscriber.closed) source$.subscribe(subscriber)
    })
