/** Advice for a handshake that may have failed because no sub-protocol was accepted: every WebSocket client then refuses it. */
export const NEEDS_SUB_PROTOCOL =
  'With an authToken the socket needs `auth_token: true` in endpoint.ex, and proxies must pass the header sec-websocket-protocol on.'
