import {
  DestroyRef,
  type EnvironmentProviders,
  inject,
  type InjectionToken,
  isSignal,
  makeEnvironmentProviders,
  NgZone,
  PLATFORM_ID,
  type Signal,
  untracked,
} from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import {
  AsyncSubject,
  defer,
  distinctUntilChanged,
  EMPTY,
  merge,
  NEVER,
  type Observable,
  of,
  startWith,
  Subject,
  takeUntil,
} from 'rxjs'
import { type PhoenixSocket, phoenixSocket } from '../phoenix-socket.ts'
import { type Dynamic } from '../connection/dynamic.ts'
import { type SocketOptions } from '../connection/socket-options.ts'
import { outsideZone } from './outside-zone.ts'
import { PHOENIX_SOCKET } from './phoenix-socket-token.ts'
import { tryNow } from './try-now.ts'
import { untrackedInput } from './untracked-input.ts'

/** Long enough for a change of route: the old page unsubscribes before the new one subscribes. */
const LINGER_MS = 1_000

/** A URL that is never used, for a server: a relative URL needs a page, and a server has no page. */
const NOWHERE = 'ws://localhost'

/**
 * Provides a socket for `injectPhoenixSocket`, `injectChannel` and the resources. It connects when something of it is subscribed.
 * It closes with code 1000 when nothing has been subscribed for `lingerMs`, here 1,000 by default, so that a change of route
 * neither leaves a topic nor closes the connection; when the injector is destroyed, it closes immediately.
 *
 * In an application with zone.js, connection, heartbeats and timers run outside the zone, and subscribers are called outside it.
 * Signals, the async pipe and `toSignal` update the page all the same. During server-side rendering the socket is `paused`: it
 * evaluates no URL, params or token, and does not connect.
 *
 * The functions for `url`, `params` and `authToken` may read signals; an effect that subscribes does not depend on them. If
 * `authToken` is itself a signal, the socket reconnects whenever its value changes.
 *
 * @param url - the mount point, such as `/socket`, relative to the page, or `wss://host/socket`.
 * @param options - as for `phoenixSocket`; or a function that returns them. It is called once, when the socket is first injected,
 * and may call `inject`.
 * @param token - for a socket beside the default one.
 * @throws `InvalidArgument` when it is injected, for a URL or an option that cannot work.
 *
 * @example
 * bootstrapApplication(App, {
 *   providers: [
 *     providePhoenixSocket('/socket', () => {
 *       const session = inject(Session)
 *       return { authToken: () => session.token(), wake: browserWake() }
 *     }),
 *   ],
 * })
 */
export const providePhoenixSocket = (
  url: Dynamic<string>,
  options: SocketOptions | (() => SocketOptions) = {},
  token: InjectionToken<PhoenixSocket> = PHOENIX_SOCKET,
): EnvironmentProviders =>
  makeEnvironmentProviders([
    {
      provide: token,
      useFactory: () => create(url, typeof options === 'function' ? options() : options),
    },
  ])

const create = (url: Dynamic<string>, given: SocketOptions): PhoenixSocket => {
  // What isPlatformServer of @angular/common compares, without that package.
  if (inject(PLATFORM_ID) === 'server')
    return phoenixSocket(NOWHERE, { ...given, lingerMs: 0, wake: EMPTY, pause: of(true) })
  const { params, authToken, wake = EMPTY } = given
  const now$ = new Subject<void>()
  const options: SocketOptions = {
    ...given,
    ...(params && { params: untrackedInput(params) }),
    ...(authToken !== undefined && { authToken: tokenInput(authToken) }),
    lingerMs: given.lingerMs ?? LINGER_MS,
    wake: merge(wake, now$),
    pause: pausedAtEnd(given.pause),
  }
  const zone = inject(NgZone)
  // Without zones Angular provides another class, which does nothing.
  const socket = phoenixSocket(
    untrackedInput(url),
    zone instanceof NgZone ? outsideZone(options, zone) : options,
  )
  tryNow.set(socket, now$)
  return socket
}

/** For a signal: its value at the time of the subscription, then each new value when Angular runs effects. */
const tokenInput = <T extends SocketOptions['authToken']>(authToken: T): T | Observable<string> => {
  if (!isSignal(authToken)) return untrackedInput(authToken)
  const token = authToken as Signal<string>
  const changes$ = toObservable(token)
  return defer(() => changes$.pipe(startWith(untracked(token)), distinctUntilChanged()))
}

/** The option `pause`; true as soon as the injector is destroyed, so that a lingering socket closes immediately. */
const pausedAtEnd = (pause: Observable<boolean> = NEVER): Observable<boolean> => {
  const destroyed$ = new AsyncSubject<true>()
  inject(DestroyRef).onDestroy(() => {
    destroyed$.next(true)
    destroyed$.complete()
  })
  return merge(pause.pipe(takeUntil(destroyed$)), destroyed$)
}
