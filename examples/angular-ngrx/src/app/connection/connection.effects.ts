import { inject } from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import { Actions, createEffect, ofType } from '@ngrx/effects'
import { type ConnectionState } from 'rx-phoenix'
import { injectPhoenixSocket } from 'rx-phoenix/angular'
import { catchError, EMPTY, filter, map, switchMap, tap } from 'rxjs'
import { Session } from '../session.ts'
import { connectionActions, type ConnectionView } from './connection.feature.ts'

const viewOf = (state: ConnectionState): Omit<ConnectionView, 'latencyMs'> => ({
  status: state.status,
  attempt: 'attempt' in state ? state.attempt : 0,
  retryAtMs: state.status === 'waiting' ? Date.now() + state.retryInMs : undefined,
  reason: state.status === 'waiting' ? state.cause._tag : undefined,
})

/** Connects who has signed in, and stays connected. */
export const states$ = createEffect(
  (socket = injectPhoenixSocket(), session = inject(Session)) =>
    toObservable(session.signedIn).pipe(
      filter(Boolean),
      switchMap(() => socket),
      map((state) => connectionActions.changed({ view: viewOf(state) })),
    ),
  { functional: true },
)

/** One heartbeat as soon as the socket is open, then those that go anyway. */
export const latency$ = createEffect(
  (actions$ = inject(Actions), socket = injectPhoenixSocket()) =>
    actions$.pipe(
      ofType(connectionActions.changed),
      switchMap(({ view }) => (view.status === 'open' ? socket.ping().pipe(catchError(() => EMPTY)) : EMPTY)),
      map((latencyMs) => connectionActions.latencyMeasured({ latencyMs })),
    ),
  { functional: true },
)

export const retry$ = createEffect(
  (actions$ = inject(Actions), session = inject(Session)) =>
    actions$.pipe(
      ofType(connectionActions.retryAsked),
      tap(() => session.reconnectNow()),
    ),
  { functional: true, dispatch: false },
)
