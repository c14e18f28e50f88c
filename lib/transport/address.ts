import { DEV } from '../protocol/dev.ts'
import { isLeft } from 'fp-ts/Either'
import { InputFailed } from '../protocol/connection-error.ts'
import { endpointUrl } from '../protocol/endpoint-url.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type TransportTarget } from './transport.ts'

/** What a relative address is relative to: the page, if there is one. */
export const pageAddress = (): string | undefined =>
  (globalThis as { location?: { href?: string } }).location?.href

/** The failure of an attempt for which this input cannot be used. */
export const unusable = (input: string, value: unknown, reason: string | false): InputFailed =>
  new InputFailed(input, new InvalidArgument(input, value, reason))

/** The address of a transport below the mount point of the target. Throws `InputFailed` for an input that cannot be used. */
export const addressOf = (
  { url, params, vsn, authToken }: TransportTarget,
  path: 'websocket' | 'longpoll',
): string => {
  const address = endpointUrl(url, { path, params, vsn, base: pageAddress() })
  if (isLeft(address)) {
    const { _tag, reason } = address.left
    // Named by its own name: plain params that cannot be carried stop the socket, a plain url beside them does not.
    throw _tag === 'InvalidUrl' ? unusable('url', url, reason) : unusable('params', params, reason)
  }
  // A function or stream may give anything, and `null` would travel as the token "null".
  if (authToken !== undefined && typeof (authToken as unknown) !== 'string')
    throw unusable('authToken', authToken, DEV && 'give a string, or undefined.')
  return address.right
}
