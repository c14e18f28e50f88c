import { filter, firstValueFrom, type Observable } from 'rxjs'

/** The next value that is looked for; heard from the call on, so call it before what brings the value about. */
export const next = <A>(source$: Observable<A>, wanted: (value: A) => boolean): Promise<A> =>
  firstValueFrom(source$.pipe(filter(wanted)))
