import {
  asyncScheduler,
  catchError,
  EMPTY,
  filter,
  ignoreElements,
  map,
  type Observable,
  of,
  type SchedulerLike,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { type ChannelState } from '../index.ts'

/** How long a server may take after the join before its silence is remarkable. */
export const SILENCE_MS = 3_000

/**
 * Emits once if a channel has been joined for so long and not one `sign$` has come: what was asked for may not exist on its
 * topic. Completes with the first sign. The error of the channel is left to those who show it.
 */
export const silence = (
  channel$: Observable<ChannelState>,
  sign$: Observable<unknown>,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<void> =>
  channel$.pipe(
    filter(({ status }) => status === 'joined'),
    take(1),
    switchMap(() => timer(SILENCE_MS, scheduler)),
    map(() => undefined),
    catchError(() => EMPTY),
    takeUntil(sign$.pipe(catchError(() => of(undefined)))),
  )

/** Calls a function in that case, and emits nothing. */
export const onSilence = (
  channel$: Observable<ChannelState>,
  sign$: Observable<unknown>,
  tell: () => void,
): Observable<never> => silence(channel$, sign$).pipe(tap(tell), ignoreElements())
