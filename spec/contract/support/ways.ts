import { longPollTransport, type Transport, webSocketTransport } from '../../../lib/index.ts'

/** A way to the server: a transport, and the socket of the contract app that is meant for it. */
export interface Way {
  readonly over: 'WebSocket' | 'long polling'
  readonly transport: Transport
  /** The mount point. Polls are short at that of long polling, since a server may tell the end of a session by one. */
  readonly mount: '/socket' | '/socket_short'
  /** How the end of a connection shows: by its code, or by the fact that polls end or find no session. */
  readonly closeCode: (code: number) => unknown
}

export const webSocket: Way = {
  over: 'WebSocket',
  transport: webSocketTransport(),
  mount: '/socket',
  closeCode: (code) => code,
}

export const longPoll: Way = {
  over: 'long polling',
  transport: longPollTransport(),
  mount: '/socket_short',
  closeCode: () => expect.any(Number) as unknown,
}

/** What the tests of the contract run over, unless they say why not. */
export const ways: readonly Way[] = [webSocket, longPoll]

/** Each way with each version of the protocol. */
export const waysAndVersions: readonly (Way & { readonly vsn: '2.0.0' | '1.0.0' })[] = ways.flatMap((way) => [
  { ...way, vsn: '2.0.0' },
  { ...way, vsn: '1.0.0' },
])
