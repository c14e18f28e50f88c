import { assertInInjectionContext, inject, type ProviderToken } from '@angular/core'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { PHOENIX_SOCKET } from './phoenix-socket-token.ts'

/**
 * The socket of `providePhoenixSocket`: cold and shared, connected while anything of it is subscribed anywhere in the
 * application. Call it where `inject` may be called. It is the socket as it was provided, bound to nobody: what is
 * subscribed through it ends by `takeUntilDestroyed`, the async pipe or `toSignal`, as everywhere in Angular.
 *
 * @param token - of another socket than the default one.
 * @throws Angular's NG0201 if no socket is provided, NG0203 outside an injection context.
 */
export const injectPhoenixSocket = (token: ProviderToken<PhoenixSocket> = PHOENIX_SOCKET): PhoenixSocket => {
  assertInInjectionContext(injectPhoenixSocket)
  return inject(token)
}
