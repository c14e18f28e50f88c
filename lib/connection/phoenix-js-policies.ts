import { phoenixReconnect, phoenixRejoin, type RetryPolicy } from './retry-policy.ts'

/**
 * The waits of Phoenix's own client, for those who come from there: the tables of phoenix.js 1.8.16 without jitter, and
 * nothing that stops, so that a refused join is tried again too. To be spread into the options:
 * `phoenixSocket(url, { ...phoenixJsPolicies() })`.
 *
 * When counting begins anew is a matter of the socket and stays: after the first answer of the server, where phoenix.js
 * is content with an open connection.
 */
export const phoenixJsPolicies = (): { readonly reconnect: RetryPolicy; readonly rejoin: RetryPolicy } => ({
  reconnect: phoenixReconnect,
  rejoin: phoenixRejoin,
})
