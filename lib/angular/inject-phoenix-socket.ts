import { assertInInjectionContext, type ProviderToken } from '@angular/core'
import { type AnyTopics, type TopicContracts } from '../channel/topics.ts'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { givenSocket } from './given-socket.ts'

/**
 * The socket of `providePhoenixSocket`: cold and shared, connected while anything of it is subscribed anywhere in the
 * application. Call it in an injection context. It is the socket as it was provided, bound to nobody: what is
 * subscribed through it ends by `takeUntilDestroyed`, the async pipe or `toSignal`, as everywhere in Angular.
 *
 * @param token - of another socket than the default one. The contracts by topic of its type type the socket.
 * @throws an Error if no socket is provided; Angular's NG0203 outside an injection context.
 */
export const injectPhoenixSocket = <T extends TopicContracts<T> = AnyTopics>(
  token?: ProviderToken<PhoenixSocket<T>>,
): PhoenixSocket<T> => {
  assertInInjectionContext(injectPhoenixSocket)
  return givenSocket('injectPhoenixSocket', token)
}
