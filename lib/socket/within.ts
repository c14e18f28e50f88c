import { type MonoTypeOperatorFunction, Observable } from 'rxjs'
import { type Deadlines } from './deadlines.ts'

/**
 * Errors unless the source has settled within a time, counted from subscription. Says what `timeout({ first })` says,
 * for sources of a single value, at a tenth of its cost: the timer is shared (see `Deadlines`).
 */
export const within =
  <A>(deadlines: Deadlines, durationMs: number, error: () => unknown): MonoTypeOperatorFunction<A> =>
  (source$) =>
    new Observable<A>((subscriber) => {
      subscriber.add(
        deadlines.set(durationMs, () => {
          subscriber.error(error())
        }),
      )
      subscriber.add(source$.subscribe(subscriber))
    })
