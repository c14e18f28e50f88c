import { type Either, left, right } from 'fp-ts/Either'

/** What follows from the sub-protocols that a client offers. */
export interface Negotiated {
  /** The one that the server selects; undefined: none. */
  readonly selected: string | undefined
  readonly authToken: string | null
}

export type NegotiationError = 'TokenNotDecodable' | 'SubprotocolMissing'

const BEARER = 'base64url.bearer.phx.'
const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

/**
 * Reads `sec-websocket-protocol` as Phoenix does (recordings `connect_auth_token`, `connect_subprotocol`): a token
 * counts only where the socket takes tokens, and `phoenix` is selected only there. Where sub-protocols are demanded, an offer
 * must hold one of them; a client that offers none at all is accepted, and gets none.
 * The token is standard base64, padding or none; anything else makes Phoenix raise.
 */
export const negotiate = (
  header: string | undefined,
  options: { readonly authToken: boolean; readonly demanded: readonly string[] },
): Either<NegotiationError, Negotiated> => {
  const offered = (header ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const bearer = options.authToken ? offered.find((entry) => entry.startsWith(BEARER)) : undefined
  const encoded = bearer?.slice(BEARER.length)
  if (encoded !== undefined && !STANDARD_BASE64.test(encoded)) return left('TokenNotDecodable')
  const known = options.authToken ? ['phoenix', ...options.demanded] : options.demanded
  const selected = known.find((protocol) => offered.includes(protocol))
  if (selected === undefined && offered.length > 0 && options.demanded.length > 0)
    return left('SubprotocolMissing')
  return right({
    selected,
    authToken: encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8'),
  })
}
