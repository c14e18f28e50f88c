import { assertInInjectionContext, type ProviderToken } from '@angular/core'
import { type AnyTopics, type TopicContracts } from '../channel/contract.ts'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { givenSocket } from './given-socket.ts'

/**
 * The socket of `providePhoenixSocket`: cold and shared, connected while anything of it is subscribed anywhere in the
 * application. Call it in an injection context. Its streams do not end with the component: end your subscriptions with
 * `takeUntilDestroyed`, the async pipe or `toSignal`, as everywhere in Angular.
 *
 * @param token - the token of a socket other than the default one. If its type has contracts by topic, so has the socket.
 * @throws an Error if no socket is provided; Angular's NG0203 outside an injection context.
 */
export const injectPhoenixSocket = <T extends TopicContracts<T> = AnyTopics>(
  token?: ProviderToken<PhoenixSocket<T>>,
): PhoenixSocket<T> => {
  assertInInjectionContext(injectPhoenixSocket)
  return givenSocket('injectPhoenixSocket', token)
}
