import { InjectionToken } from '@angular/core'
import { type PhoenixSocket } from '../phoenix-socket.ts'

/**
 * The token of the socket of `providePhoenixSocket`, unless another token is passed to it. Make a token for a second socket:
 * `new InjectionToken<PhoenixSocket>('admin socket')`.
 */
export const PHOENIX_SOCKET: InjectionToken<PhoenixSocket> = new InjectionToken(
  'PhoenixSocket (of providePhoenixSocket)',
)
