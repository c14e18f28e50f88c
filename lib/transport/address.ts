import { DEV } from '../protocol/dev.ts'
import { isLeft } from 'fp-ts/Either'
import { InputFailed } from '../protocol/connection-error.ts'
import { endpointUrl } from '../protocol/endpoint-url.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type TransportTarget } from './transport.ts'

/** What a relative address is relative to: the page, if there is one. */
export const pageAddress = (): string | undefined =>
  (globalThis as { location?: { href?: string } }).location?.href

/** The failure of an attempt for which an input cannot be used. */
export const unusable = (cause: InvalidArgument): InputFailed => new InputFailed(cause.argument, cause)

/** The address of a transport below the mount point of the target. Throws `InputFailed` for an input that cannot be used. */
export const addressOf = (
  { url, params, vsn, authToken }: TransportTarget,
  path: 'websocket' | 'longpoll',
): string => {
  const address = endpointUrl(url, { path, params, vsn, base: pageAddress() })
  if (isLeft(address)) throw unusable(address.left)
  // A function or stream may give anything, and `null` would travel as the token "null".
  if (authToken !== undefined && typeof (authToken as unknown) !== 'string')
    throw unusable(new InvalidArgument('authToken', authToken, DEV && 'give a string, or undefined.'))
  return address.right
}
