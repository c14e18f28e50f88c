import { DEV } from '../protocol/dev.ts'
import { isLeft } from 'fp-ts/Either'
import { InputFailed } from '../protocol/connection-error.ts'
import { endpointUrl } from '../protocol/endpoint-url.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type TransportTarget } from './transport.ts'

/** What a relative address is relative to: the page, if there is one. */
export const pageAddress = (): string | undefined =>
  (globalThis as { location?: { href?: string } }).location?.href

/** An input of this name cannot be used by a transport. */
export const unusable = (input: string, value: unknown, reason: string | false): InputFailed =>
  new InputFailed(input, new InvalidArgument(input, value, reason))

/** The address of a transport below the mount point of the target, or which of the inputs cannot be used. */
export const addressOf = (
  { url, params, vsn, authToken }: TransportTarget,
  path: 'websocket' | 'longpoll',
): string | InputFailed => {
  const base = pageAddress()
  const address = endpointUrl(url, { path, params, vsn, base })
  // Named by its own name: plain params that cannot be carried stop the socket, a plain url beside them does not.
  if (isLeft(address))
    return isLeft(endpointUrl(url, { path, params: {}, vsn, base }))
      ? unusable('url', url, address.left.reason)
      : unusable('params', params, address.left.reason)
  // A function or stream may give anything, and `null` would travel as the token "null".
  return authToken === undefined || typeof (authToken as unknown) === 'string'
    ? address.right
    : unusable('authToken', authToken, DEV && 'give a string, or undefined.')
}
