import { type RetryPolicy, singleFlight } from 'rx-phoenix'

export interface TokenKeeper {
  /** For `authToken`: the token in hand, or a fresh one. */
  readonly token: () => Promise<string>
  /** For `reconnect`: a refusal for the token's sake throws it away, so that the next attempt has a fresh one. */
  readonly renewing: (policy: RetryPolicy) => RetryPolicy
}

/** Keeps a token until the server turns it down. However many ask for a fresh one meanwhile, it is fetched once. */
export const tokenKeeper = (fetchToken: () => Promise<string>): TokenKeeper => {
  let kept: string | undefined
  const fresh = singleFlight(async () => (kept = await fetchToken()))
  return {
    token: async () => kept ?? fresh(),
    renewing: (policy) => (cause, attempt) => {
      if (cause._tag === 'ConnectionRefused' && (cause.status === 401 || cause.status === 403))
        kept = undefined
      return policy(cause, attempt)
    },
  }
}
