import { asyncScheduler, catchError, defer, mergeMap, throwError } from 'rxjs'
import { type Transport } from '../transport.ts'
import { failureOf, refusalOf } from './errors.ts'
import { checkLongPollOptions, type LongPollOptions } from './long-poll-options.ts'
import { requests } from './requests.ts'
import { session } from './session.ts'

/**
 * The long-poll transport, for networks that let no WebSocket through. Needs nothing but `fetch`, and `longpoll: true` at
 * the socket in `endpoint.ex`. Bytes travel to the server, not from it (no Phoenix server sends them this way).
 *
 * `ConnectionRefused` has the status of a refusal, also in a browser; `ConnectionFailed` means that nothing answered. A
 * session ends with `ConnectionClosed`, with the codes of Phoenix's own client: 3410 the server has forgotten it, 1008
 * it was refused later, 1011 another status, 1009 a message was too large, 1005 no answer within `requestTimeoutMs`, 1006
 * the network failed. What was answered and did not arrive is lost, so nothing is repeated: the socket opens another
 * session by its policy.
 *
 * Polls show whether the server is there, so no heartbeats are sent. Unsubscribing aborts what is under way; messages
 * that were sent before, such as leaves, still go out, for 2 s at most, also from a page that is being left (`keepalive`). The protocol has no way to end a session: the server
 * ends a session that nobody polls after one and a half windows (15 s), and until then its channels, unless left.
 *
 * @throws `InvalidArgument` for an option that cannot work.
 */
export const longPollTransport = (options: LongPollOptions = {}): Transport => {
  checkLongPollOptions(options)
  return (target) =>
    defer(() => {
      const scheduler = options.scheduler ?? target.scheduler ?? asyncScheduler
      const asked = requests(target, { ...options, scheduler })
      return asked.poll().pipe(
        catchError((cause: unknown) => throwError(() => failureOf(cause))),
        // 410 with a token is a new session, which is what the first request asks for.
        mergeMap((answer) =>
          answer.status === 410 && answer.token !== undefined
            ? session(asked, { ...options, scheduler })
            : throwError(() => refusalOf(answer)),
        ),
      )
    })
}
