import { type EnvironmentProviders, inject, InjectionToken, makeEnvironmentProviders } from '@angular/core'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { steppedBackoff } from '../connection/retry-policy.ts'
import { type SocketOptions } from '../connection/socket-options.ts'
import { type TestServer, testServer } from '../testing/test-server/test-server.ts'
import { PHOENIX_SOCKET } from './phoenix-socket-token.ts'
import { providePhoenixSocket } from './provide-phoenix-socket.ts'

/** The server that a test speaks for: `TestBed.inject(PhoenixTestingController)`. See `testServer` of `rx-phoenix/testing`. */
export type PhoenixTestingController = TestServer
/** The token of the server that a test speaks for. */
export const PhoenixTestingController: InjectionToken<PhoenixTestingController> = new InjectionToken(
  'PhoenixTestingController (of providePhoenixTesting)',
)

/**
 * Provides a socket that talks to a server of the test, in the manner of `provideHttpClientTesting`. Put it after
 * `providePhoenixSocket` if the tested providers have that. Waits before a reconnect are the same each time; there are no
 * heartbeats and nothing lingers, so that `fakeAsync` finds no timers at the end.
 *
 * @param options - of the socket, such as a `scheduler` in marble tests.
 * @param token - of another socket than the default one.
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
