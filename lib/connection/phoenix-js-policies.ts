import { phoenixReconnect, phoenixRejoin, type RetryPolicy } from './retry-policy.ts'

/**
 * The waits of Phoenix's own client, for those who come from there: the tables of phoenix.js 1.8.16 without jitter, and
 * nothing that stops, so that a refused join is tried again too. To be spread into the options:
 * `phoenixSocket(url, { ...phoenixJsPolicies() })`.
 *
 * The socket still resets the count only after the server's first answer; phoenix.js resets it when the connection opens.
 */
export const phoenixJsPolicies = (): { readonly reconnect: RetryPolicy; readonly rejoin: RetryPolicy } => ({
  reconnect: phoenixReconnect,
  rejoin: phoenixRejoin,
})
