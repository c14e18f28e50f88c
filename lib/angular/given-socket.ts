import { inject, type ProviderToken } from '@angular/core'
import { type AnyTopics, type TopicContracts } from '../channel/contract.ts'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { DEV } from '../protocol/dev.ts'
import { PHOENIX_SOCKET } from './phoenix-socket-token.ts'

/** The provided socket. Throws an Error that names the call, and what to add to which providers. */
export const givenSocket = <T extends TopicContracts<T> = AnyTopics>(
  call: string,
  token: ProviderToken<PhoenixSocket<T>> = PHOENIX_SOCKET,
): PhoenixSocket<T> => {
  const socket = inject(token, { optional: true })
  if (socket) return socket
  const missing = `NG0201: No provider found for the socket of ${call}().`
  throw new Error(DEV ? `${missing} ${cure(token)}` : missing)
}

const cure = (token: unknown): string =>
  token === PHOENIX_SOCKET
    ? "Add providePhoenixSocket('/socket') to the providers of the application or the route, or providePhoenixTesting() to those of a TestBed."
    : `Pass "${String(token)}" as the third argument of providePhoenixSocket.`
