import { DEV } from '../../protocol/dev.ts'
import {
  ConnectionClosed,
  type ConnectionError,
  ConnectionFailed,
  ConnectionRefused,
} from '../../protocol/connection-error.ts'
import { retryAfterMs } from '../refusal.ts'
import { type Answer, RequestTimeout } from './exchange.ts'

/** Why no session was opened, by the answer of the server. */
export const refusalOf = ({ status, body, retryAfter }: Answer): ConnectionError =>
  status === 0
    ? new ConnectionFailed(
        DEV &&
          'the answer did not come from the long-poll endpoint of a Phoenix socket; check the address, and "longpoll" in endpoint.ex.',
      )
    : new ConnectionRefused({ status, body, retryAfterMs: retryAfterMs(retryAfter) })

/** Why no session was opened, if nothing answered. */
export const failureOf = (cause: unknown): ConnectionError =>
  new ConnectionFailed(
    DEV &&
      (cause instanceof RequestTimeout
        ? `${cause.message}.`
        : `${reasonOf(cause)}; check the address, that the server runs and, in a browser, the origins it allows.`),
    { cause },
  )

/** Why a session ended, by the answer of the server, with the close codes of Phoenix's own client. */
export const lossOf = ({ status }: Answer): ConnectionClosed => {
  switch (status) {
    case 410:
      return closed(3410, 'session gone')
    case 403:
      return closed(1008, 'forbidden')
    case 413:
      return closed(1009, 'the body of a POST was too large')
    default:
      return closed(1011, `the server answered with status ${status}`)
  }
}

/** Why a session ended, if nothing answered. */
export const cutBy = (cause: unknown): ConnectionClosed =>
  cause instanceof RequestTimeout ? closed(1005, cause.message) : closed(1006, reasonOf(cause))

const closed = (code: number, reason: string): ConnectionClosed =>
  new ConnectionClosed({ code, reason, wasClean: false })

/** The message of Node is "fetch failed"; the reason is in the cause. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== ''
    ? `${error.message}: ${error.cause.message}`
    : error.message
}
