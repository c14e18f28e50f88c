import { DEV } from './dev.ts'
import { type Either, left, right } from 'fp-ts/Either'
import { InvalidArgument } from './invalid-argument.ts'
import { toUtf8 } from './utf8.ts'

/**
 * The two sub-protocols that carry an auth token: `phoenix`, which the server selects, and the token.
 *
 * In spite of the name `base64url`, Phoenix decodes standard base64 without padding. So a token whose base64 form
 * holds `/`, which is not allowed in a sub-protocol, cannot travel this way (recording `connect_auth_token`).
 */
export const authTokenProtocols = (token: string): Either<InvalidArgument, readonly [string, string]> => {
  const base64 = btoa(toUtf8(token)).replace(/=+$/, '')
  return base64.includes('/')
    ? left(
        new InvalidArgument(
          'authToken',
          token,
          DEV &&
            'its base64 form holds "/", which a WebSocket sub-protocol cannot carry; ' +
              'use a token of letters, digits, "-", "_" and "." (as Phoenix.Token and JWTs are), or long polling',
        ),
      )
    : right(['phoenix', `base64url.bearer.phx.${base64}`])
}
