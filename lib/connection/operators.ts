import {
  concatMap,
  distinctUntilChanged,
  EMPTY,
  merge,
  type MonoTypeOperatorFunction,
  Observable,
  of,
  type Subscription,
  switchMap,
  takeUntil,
} from 'rxjs'

/*
 * Most sockets have no stream among their options, and each operator costs heap in every socket: so operators are put on
 * streams that are there, and on no others.
 */

/** `merge` of the sources that can emit. */
export const anyOf = <A>(...sources$: readonly Observable<A>[]): Observable<A> =>
  merge(...sources$.filter((source$) => source$ !== EMPTY))

/** What is made of a source, if it can emit. */
export const unlessEmpty = <A, B>(
  source$: Observable<A>,
  make: (source$: Observable<A>) => Observable<B>,
): Observable<B> => (source$ === EMPTY ? EMPTY : make(source$))

/** `startWith`, which keeps an operator for as long as the source: this one is gone once the source is subscribed. */
export const startingWith =
  <A>(first: A): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      subscriber.next(first)
      if (!subscriber.closed) source$.subscribe(subscriber)
    })

/** Passes its subscription on before it subscribes to the source: a subscriber may end it all while that is still going on. */
export const withSubscription =
  <A>(use: (subscription: Subscription) => void): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable((subscriber) => {
      use(subscriber)
      if (!subscriber.closed) source$.subscribe(subscriber)
    })

/**
 * Runs a source while `pause$` is false, and shows `paused` while it is true. Runs by default, so that a `pause$` that
 * has not emitted yet does not hold it up.
 *
 * @param pause$ - shared, and replays its last value.
 */
export const unlessPaused = <A, P>(
  pause$: Observable<boolean>,
  running$: Observable<A>,
  paused: P,
): Observable<A | P> =>
  pause$ === EMPTY
    ? running$
    : merge(pause$, of(false).pipe(takeUntil(pause$))).pipe(
        distinctUntilChanged(),
        // One after the other, also when a subscriber ends the pause while the source is being closed: `switchMap` alone would
        // lose the new one.
        concatMap((pause) => of(pause)),
        switchMap((pause) => (pause ? of(paused) : running$)),
      )
