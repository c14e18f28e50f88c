import { type EnvironmentProviders, inject, InjectionToken, makeEnvironmentProviders } from '@angular/core'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { steppedBackoff } from '../connection/retry-policy.ts'
import { type SocketOptions } from '../connection/socket-options.ts'
import { type TestServer, testServer } from '../testing/test-server/test-server.ts'
import { PHOENIX_SOCKET } from './phoenix-socket-token.ts'
import { providePhoenixSocket } from './provide-phoenix-socket.ts'

/** The server that a test plays: `TestBed.inject(PhoenixTestingController)`. See `testServer` of `rx-phoenix/testing`. */
export type PhoenixTestingController = TestServer
/** The token of the server that a test plays. */
export const PhoenixTestingController: InjectionToken<PhoenixTestingController> = new InjectionToken(
  'PhoenixTestingController (of providePhoenixTesting)',
)

/**
 * Provides a socket that is connected to the test, much as `provideHttpClientTesting` does. If the tested providers contain
 * `providePhoenixSocket`, put it after that. The delays before a reconnect have no jitter, there are no heartbeats and nothing
 * lingers, so that `fakeAsync` finds no timers at the end.
 *
 * @param options - options of the socket, such as a `scheduler` in marble tests.
 * @param token - the token of a socket other than the default one.
 */
export const providePhoenixTesting = (
  options: SocketOptions = {},
  token: InjectionToken<PhoenixSocket> = PHOENIX_SOCKET,
): EnvironmentProviders =>
  makeEnvironmentProviders([
    { provide: PhoenixTestingController, useFactory: () => testServer() },
    providePhoenixSocket(
      'ws://test/socket',
      () => ({
        transport: inject(PhoenixTestingController).transport,
        heartbeatIntervalMs: 0,
        lingerMs: 0,
        reconnect: steppedBackoff([10, 50, 100, 150, 200, 250, 500, 1000, 2000], 5000),
        ...options,
      }),
      token,
    ),
  ])
