import { catchError, filter, firstValueFrom, fromEvent, map, of, take, takeUntil } from 'rxjs'
import { phoenixSocket, type SocketError, webSocketTransport } from '../../index.ts'
import { type Case } from './examine-socket.ts'
import { explain } from '../explain.ts'
import { type Finding } from './finding.ts'
import { type Json } from '../read-argument.ts'

/** Joins a topic once. */
export const examineJoin = (topic: string, joinParams: Json, given: Case): Promise<Finding> => {
  const { url, params, authToken, headers, tls, vsn, timeoutMs, signal } = given
  const socket = phoenixSocket(url, {
    params,
    ...(authToken === undefined ? {} : { authToken }),
    transport: webSocketTransport({ headers, tls }),
    vsn: vsn === '1.0.0' ? '1.0.0' : '2.0.0',
    connectTimeoutMs: timeoutMs,
    joinTimeoutMs: timeoutMs,
    reconnect: () => 'stop',
    rejoin: () => 'stop',
  })
  return firstValueFrom(
    socket.channel(topic, { params: joinParams }).pipe(
      filter(({ status }) => status === 'joined'),
      map((): Finding => ({ check: 'join', verdict: 'ok', found: `${topic} is joined` })),
      catchError((error: SocketError) =>
        of<Finding>({
          check: 'join',
          verdict: 'problem',
          found: explain(error),
          cause: 'join/3 of the channel refused, or no channel has this topic',
          fix: 'see `channel` in the socket of the server, its join/3, and its log; pass what it asks for (--join-params)',
        }),
      ),
      take(1),
      takeUntil(fromEvent(signal, 'abort')),
    ),
    { defaultValue: { check: 'join', verdict: 'problem', found: 'the server closed the topic immediately' } },
  )
}
