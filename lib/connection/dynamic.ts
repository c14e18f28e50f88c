import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  from,
  isObservable,
  merge,
  NEVER,
  type Observable,
  of,
  ReplaySubject,
  retry,
  share,
  Subject,
  throwError,
  throwIfEmpty,
} from 'rxjs'
import { InputFailed } from '../protocol/connection-error.ts'
import { DEV } from '../protocol/dev.ts'

/** A value, a function evaluated at every attempt, or a stream: a new value from a stream reconnects. */
export type Dynamic<T> = T | Observable<T> | ((attempt: number) => T | PromiseLike<T> | Observable<T>)

/** A `Dynamic`, made ready for use. */
export interface Input<T, Context = number> {
  /** The name of the option. */
  readonly name: string
  /** True for a plain value: evaluating it again cannot help. */
  readonly fixed: boolean
  /** The plain value, if it is one. */
  readonly value?: T
  /** The value for one attempt; further values of a stream follow. Errors with `InputFailed`. */
  at(context: Context): Observable<T>
  /**
   * The values of a stream that come after the subscription: reasons to try again now. Keeps the stream subscribed; one that
   * has failed from the next attempt on.
   */
  readonly changes$: Observable<T>
}

/**
 * Reads a `Dynamic`. A stream stays subscribed, with its last value kept, as long as `changes$` or an attempt is, so that the
 * value of a hot stream that emits once is not lost.
 */
export const toInput = <T, Context = number>(
  name: string,
  value: T | Observable<T> | ((context: Context) => T | PromiseLike<T> | Observable<T>),
): Input<T, Context> => {
  if (!isObservable(value) && typeof value !== 'function') return new FixedInput(name, value)
  const failed = catchError<T, Observable<never>>((error: unknown) =>
    throwError(() => new InputFailed(name, error)),
  )
  const spoken = throwIfEmpty<T>(() => (DEV ? 'it completed without a value' : ''))
  if (typeof value === 'function') {
    const evaluate = value as (context: Context) => T | PromiseLike<T> | Observable<T>
    return {
      name,
      fixed: false,
      at: (context) => defer(() => toObservable(evaluate(context))).pipe(spoken, failed),
      changes$: EMPTY,
    }
  }
  // Without an end of its own: a stream that has completed is asked again only when nobody has held it for a while.
  const latest$ = concat(value.pipe(spoken), NEVER).pipe(share({ connector: () => new ReplaySubject<T>(1) }))
  const asked$: Subject<void> = new Subject()
  return {
    name,
    fixed: false,
    at: () =>
      defer(() => {
        asked$.next()
        return latest$.pipe(failed)
      }),
    // Shared, since a wait that had a failed stream asked would be cut short by the answer.
    changes$: afterSubscribing(latest$).pipe(retry({ delay: () => asked$ }), share()),
  }
}

/** A plain value. A class, since every socket has three of them. */
class FixedInput<T> implements Input<T, unknown> {
  readonly fixed = true
  readonly changes$ = EMPTY

  constructor(
    readonly name: string,
    readonly value: T,
  ) {}

  at(): Observable<T> {
    return of(this.value)
  }
}

const toObservable = <T>(result: T | PromiseLike<T> | Observable<T>): Observable<T> => {
  if (isObservable(result)) return result
  return isPromiseLike(result) ? from(result) : of(result)
}

const isPromiseLike = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

/** Leaves out what a source gives while it is being subscribed: the past. */
const afterSubscribing = <T>(source$: Observable<T>): Observable<T> =>
  defer(() => {
    let subscribed = false
    const begin$ = defer(() => {
      subscribed = true
      return EMPTY
    })
    return merge(source$.pipe(filter(() => subscribed)), begin$)
  })
