import { type Observable, tap } from 'rxjs'
import { InvalidArgument } from '../../protocol/invalid-argument.ts'
import { withParam } from '../../protocol/query.ts'
import { addressOf, unusable } from '../address.ts'
import { type TransportTarget } from '../transport.ts'
import { type Body } from './body.ts'
import { type Answer, exchange } from './exchange.ts'
import { type LongPollOptions } from './long-poll-options.ts'

/** The requests of one session. The token that the server gives is remembered and travels with what follows. */
export interface Requests {
  /** Without a token yet: asks for a session. With one: asks for messages. */
  readonly poll: () => Observable<Answer>
  /** @param last - whether it has to outlive its page; a browser then carries it on when the page goes. */
  readonly post: (body: Body, last: boolean) => Observable<Answer>
  /** Bytes of answers that have come, as they come. */
  readonly bytesReceived: () => number
}

/** What a header can carry unencoded. */
const PRINTABLE = /^([!-~]([ -~]*[!-~])?)?$/
/** What browsers take for a request that outlives its page. */
const MAX_KEEPALIVE_CHARACTERS = 20_000

/** Throws `InputFailed` for an input that a request cannot carry. */
export const requests = (target: TransportTarget, options: LongPollOptions): Requests => {
  const { sessionToken = 'both', credentials } = options
  const { authToken } = target
  const address = addressOf(target, 'longpoll')
  // `fetch` would refuse it, with a message that quotes the whole address.
  if (/^\w+:\/\/[^/]*@/.test(address))
    throw unusable(
      new InvalidArgument(
        'url',
        target.url,
        'a request takes no user and password in its URL; pass them in the header "authorization".',
      ),
    )
  if (authToken !== undefined && !PRINTABLE.test(authToken))
    throw unusable(
      new InvalidArgument(
        'authToken',
        authToken,
        'a header cannot carry it; use letters, digits and punctuation of ASCII.',
      ),
    )

  let token: string | undefined
  let bytesReceived = 0
  const addressWithToken = (): string => {
    if (token === undefined || sessionToken === 'header') return address
    const [path = '', query = ''] = address.split(/\?(.*)/)
    return `${path}?${withParam(query.split('&'), 'token', token)}`
  }
  const request = (init: RequestInit, headers: Readonly<Record<string, string>>): Observable<Answer> =>
    exchange(
      addressWithToken(),
      {
        ...init,
        ...(credentials && { credentials }),
        headers: {
          ...options.headers,
          accept: 'application/json',
          ...headers,
          ...(token === undefined || sessionToken === 'query' ? {} : { 'x-phoenix-longpoll-token': token }),
        },
      },
      options,
      (byteLength) => {
        bytesReceived += byteLength
      },
    )

  return {
    bytesReceived: () => bytesReceived,
    poll: () =>
      request({ method: 'GET' }, authToken === undefined ? {} : { 'x-phoenix-authtoken': authToken }).pipe(
        tap((answer) => {
          token = answer.token ?? token
        }),
      ),
    post: ({ text, contentType }, last) =>
      request(
        {
          method: 'POST',
          body: text,
          ...(last && text.length <= MAX_KEEPALIVE_CHARACTERS && { keepalive: true }),
        },
        { 'content-type': contentType },
      ),
  }
}
