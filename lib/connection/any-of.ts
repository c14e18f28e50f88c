import { EMPTY, merge, type Observable } from 'rxjs'

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
