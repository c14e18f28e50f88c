import { DEV } from './dev.ts'
import { TaggedError } from './tagged-error.ts'

/** The server answered with an HTTP status instead of a connection. A browser hides this from a WebSocket; see `probeRefusal`. */
export class ConnectionRefused extends TaggedError<'ConnectionRefused'> {
  declare readonly status: number
  /** The first 1,000 characters of the answer's body, if it had one. */
  declare readonly body: string | undefined
  /** The `retry-after` header in milliseconds, if the server sent one. */
  declare readonly retryAfterMs: number | undefined

  constructor(facts: { status: number; body?: string | undefined; retryAfterMs?: number | undefined }) {
    super(
      'ConnectionRefused',
      DEV && `The server refused the connection with HTTP status ${facts.status}: ${refusal(facts.status)}`,
      { status: facts.status, body: facts.body, retryAfterMs: facts.retryAfterMs },
    )
  }
}

const refusal = (status: number): string => {
  switch (status) {
    case 401:
    case 403:
      return 'check params, authToken, the Origin header and the sub-protocol.'
    case 404:
      return 'no socket is mounted at this path; pass the mount point, such as wss://host/socket, without /websocket.'
    case 429:
      return 'too many attempts; wait for retryAfterMs.'
    default:
      return status >= 500
        ? 'the connect callback of the server raised, or the server is starting.'
        : 'see body.'
  }
}

/** The connection never opened: DNS, TCP, TLS, or, in a browser, any refusal. */
export class ConnectionFailed extends TaggedError<'ConnectionFailed'> {
  /** The close code, where there was one. 1006 in browsers. */
  declare readonly code: number | undefined

  constructor(reason: string | false, facts: { code?: number | undefined; cause?: unknown } = {}) {
    super('ConnectionFailed', DEV && `The connection could not be opened: ${reason}`, facts)
  }
}

/** The connection was open and ended unasked; `cause` is what the transport threw, if it did. */
export class ConnectionClosed extends TaggedError<'ConnectionClosed'> {
  declare readonly code: number
  declare readonly reason: string
  declare readonly wasClean: boolean

  constructor(facts: { code: number; reason: string; wasClean: boolean; cause?: unknown }) {
    super('ConnectionClosed', DEV && `The connection was closed ${withCode(facts)}.`, facts)
  }
}

const withCode = ({ code, reason }: { code: number; reason: string }): string => {
  const advice =
    code === 1009
      ? 'a frame was larger than the server allows, so send smaller messages'
      : '"reconnect" decides what follows'
  return `with code ${code}${reason === '' ? '' : ` (${reason})`}; ${advice}`
}

/** The connection did not open within `connectTimeoutMs`, the evaluation of url, params and token included. */
export class ConnectTimeout extends TaggedError<'ConnectTimeout'> {
  declare readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(
      'ConnectTimeout',
      DEV &&
        `The connection did not open within ${timeoutMs} ms; raise connectTimeoutMs if the network is slow.`,
      { timeoutMs },
    )
  }
}

/** A heartbeat was not answered in time, so the connection was abandoned. */
export class HeartbeatTimeout extends TaggedError<'HeartbeatTimeout'> {
  declare readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(
      'HeartbeatTimeout',
      DEV &&
        `The server did not answer a heartbeat within ${timeoutMs} ms, so the connection counts as dead; "reconnect" decides what follows.`,
      { timeoutMs },
    )
  }
}

/** An input given as a function or stream threw, rejected, errored or gave an unusable value; `cause` has the error. */
export class InputFailed extends TaggedError<'InputFailed'> {
  /** Which one: `url`, `params`, `authToken`, `reconnect`, `rejoin`, … */
  declare readonly input: string

  constructor(input: string, cause: unknown) {
    super(
      'InputFailed',
      DEV &&
        `The option "${input}" could not be evaluated: ${cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : 'see cause.'}`,
      { input, cause },
    )
  }
}

/** The server refused several attempts in a row because of their credentials, so the policy stopped: see `stopAfterRefusals`. */
export class Unauthorized extends TaggedError<'Unauthorized'> {
  /** The HTTP status of the last refusal. */
  declare readonly status: number
  /** How many attempts were refused in a row. */
  declare readonly attempts: number
  declare readonly cause: ConnectionRefused

  constructor(facts: { attempts: number; cause: ConnectionRefused }) {
    const { attempts, cause } = facts
    super(
      'Unauthorized',
      DEV &&
        `The server refused ${attempts} ${attempts === 1 ? 'attempt' : 'attempts in a row'}, the last with HTTP status ${cause.status}; sign in again, then subscribe again.`,
      { status: cause.status, attempts, cause },
    )
  }
}

/** Why there is no connection. */
export type ConnectionError =
  | ConnectionRefused
  | ConnectionFailed
  | ConnectionClosed
  | ConnectTimeout
  | HeartbeatTimeout
  | InputFailed
  | Unauthorized

/** It could not be opened for an unknown reason: a browser does not report it. */
export const isUnexplained = (error: { readonly _tag: string; readonly cause?: unknown }): boolean =>
  error._tag === 'ConnectionFailed' && error.cause === undefined

/** By tag and not by class, since a page may hold two copies of the library. */
export const isConnectionError = (error: unknown): error is ConnectionError | Unauthorized =>
  TAGS.has((error as { readonly _tag?: unknown } | null | undefined)?._tag)

const TAGS: ReadonlySet<unknown> = new Set<(ConnectionError | Unauthorized)['_tag']>([
  'ConnectionRefused',
  'ConnectionFailed',
  'ConnectionClosed',
  'ConnectTimeout',
  'HeartbeatTimeout',
  'InputFailed',
  'Unauthorized',
])
