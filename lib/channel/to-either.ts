import { type Either, left, right } from 'fp-ts/Either'
import { catchError, map, type Observable, of, throwError } from 'rxjs'
import { isConnectionError } from '../protocol/connection-error.ts'
import { type PushError } from '../protocol/push-error.ts'
import { stream } from '../connection/checks.ts'

/**
 * The outcome of a push as a value: `Right` with the response, or `Left` with the `PushError`. Emits one value and
 * completes. Call it with a push, or pass it to `pipe`: `push$.pipe(toEither)` means the same as `toEither(push$)`.
 *
 * Meant for NgRx effects, where an error would end the effect. An error of any other kind, such as one that an operator
 * before it threw, stays an error. Cold like its source.
 *
 * @throws `InvalidArgument` if the argument is not an Observable.
 */
export const toEither = <A>(push$: Observable<A>): Observable<Either<PushError, A>> =>
  stream('toEither.push$', push$).pipe(
    map((response): Either<PushError, A> => right(response)),
    catchError((error: unknown) => (isPushError(error) ? of(left(error)) : throwError(() => error))),
  )

const isPushError = (error: unknown): error is PushError =>
  error instanceof Error && (isConnectionError(error) || TAGS.has((error as Partial<PushError>)._tag))

const TAGS: ReadonlySet<unknown> = new Set<PushError['_tag']>([
  'PushRefused',
  'PushTimeout',
  'ConnectionLost',
  'ChannelCrashed',
  'ChannelClosed',
  'InvalidPayload',
  'JoinRefused',
  'TooManyChannels',
  'JoinTimeout',
  'AlreadyJoined',
])
