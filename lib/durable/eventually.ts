import { defer, from, isObservable, type Observable, of } from 'rxjs'
import { type Eventually } from './checkpoint.ts'

/** Calls a function when subscribed, and emits what it gives, now or later. A plain value is emitted synchronously. */
export const eventually = <T>(run: () => Eventually<T>): Observable<T> =>
  defer(() => {
    const result = run()
    if (isObservable(result)) return result
    return isPromiseLike(result) ? from(result) : of(result)
  })

const isPromiseLike = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
