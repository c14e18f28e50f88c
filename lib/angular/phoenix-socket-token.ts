import { InjectionToken } from '@angular/core'
import { type PhoenixSocket } from '../phoenix-socket.ts'

/**
 * The token under which `providePhoenixSocket` puts its socket, unless it is told another one. A second socket has a
 * token of the application's own: `new InjectionToken<PhoenixSocket>('admin socket')`.
 */
export const PHOENIX_SOCKET: InjectionToken<PhoenixSocket> = new InjectionToken(
  'PhoenixSocket (of providePhoenixSocket)',
)
