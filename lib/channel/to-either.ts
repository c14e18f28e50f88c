import { type Either, left, right } from 'fp-ts/Either'
import { catchError, map, type Observable, of } from 'rxjs'
import { type PushError } from '../protocol/push-error.ts'
import { stream } from '../socket/checks.ts'

/**
 * A push that never errors: its outcome is a value, `Right` with the response or `Left` with the `PushError`. The form
 * for NgRx effects, where an error would end the effect. Completes after its one value; cold like its source.
 *
 * @throws `InvalidArgument` for what is no Observable.
 */
export const toEither = <A>(push$: Observable<A>): Observable<Either<PushError, A>> =>
  stream('toEither.push$', push$).pipe(
    map((response): Either<PushError, A> => right(response)),
    catchError((error: PushError) => of(left(error))),
  )
