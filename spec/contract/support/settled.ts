import { filter, firstValueFrom, materialize, type Observable, take, toArray } from 'rxjs'
import { type ChannelState, type ConnectionState } from '../../../lib/index.ts'

/** The next state with this status. */
export const when = <S extends ConnectionState | ChannelState, T extends S['status']>(
  states$: Observable<S>,
  status: T,
): Promise<Extract<S, { status: T }>> =>
  firstValueFrom(states$.pipe(filter((state): state is Extract<S, { status: T }> => state.status === status)))

/** The error with which a stream ends. Fails if it gives a value or completes first. */
export const errorOf = async (source$: Observable<unknown>): Promise<unknown> => {
  const first = await firstValueFrom(source$.pipe(materialize()))
  if (first.kind === 'E') return first.error as unknown
  throw new Error(`expected an error, got ${JSON.stringify(first)}`)
}

/** The next `count` values. */
export const nextValues = <A>(source$: Observable<A>, count: number): Promise<A[]> =>
  firstValueFrom(source$.pipe(take(count), toArray()))
