import {
  type ConnectionRefused,
  longPollTransport,
  type Params,
  type Transport,
  type TransportTarget,
  webSocketTransport,
} from '../../index.ts'
import { type Attempt, attempt } from './attempt.ts'
import { explain } from '../explain.ts'
import { type Finding } from './finding.ts'
import { refusal } from './refusal.ts'

/** What is known about the way to the socket. */
export interface Case {
  readonly url: string
  readonly params: Params
  readonly authToken: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly tls: Readonly<Record<string, unknown>>
  readonly vsn: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Mount points that Phoenix's generators and its users like. */
const USUAL_PATHS = ['/socket', '/live', '/ws', '/api/socket', '/socket/websocket']
const FOREIGN = 'https://origin-of-somebody-else.invalid'

const dial = (given: Case, change: Partial<Case> = {}): Promise<Attempt> => {
  const { headers, tls, timeoutMs, signal, ...target } = { ...given, ...change }
  return attempt(webSocketTransport({ headers, tls }), target, timeoutMs, signal)
}

const originOf = (headers: Case['headers']): string | undefined =>
  Object.keys(headers).find((name) => name.toLowerCase() === 'origin')

/** Opens the socket as it was asked for. Where that fails, finds out by further attempts what it depends on. */
export async function* examineSocket(given: Case): AsyncGenerator<Finding, boolean> {
  const first = await dial(given)
  switch (first.type) {
    case 'stopped':
      return false
    case 'alive':
      yield { check: 'websocket', verdict: 'ok', found: `open in ${first.openMs.toFixed(0)} ms` }
      yield { check: 'heartbeat', verdict: 'ok', found: `answered in ${first.heartbeatMs.toFixed(0)} ms` }
      return true
    case 'mute':
      yield { check: 'websocket', verdict: 'ok', found: 'open' }
      yield {
        check: 'heartbeat',
        verdict: 'problem',
        found: `not answered within ${given.timeoutMs} ms`,
        cause: 'the program at this path is a WebSocket server, but not a Phoenix socket, or it hangs',
        fix: 'check the path; see whether other clients get answers',
      }
      return false
    case 'failed':
      yield await whyFailed(first, given)
      return false
  }
}

const whyFailed = async ({ error }: Extract<Attempt, { type: 'failed' }>, given: Case): Promise<Finding> => {
  const found = { check: 'websocket', verdict: 'problem', found: explain(error) } as const
  switch (error._tag) {
    case 'ConnectionRefused':
      return {
        ...found,
        found: `refused with HTTP status ${error.status}`,
        ...(await whyRefused(error, given)),
      }
    case 'ConnectionFailed':
      if (/subprotocol/i.test(error.message))
        return {
          ...found,
          cause: 'the server did not take the sub-protocol in which the auth token travels',
          fix: 'set auth_token: true at the socket in endpoint.ex (Phoenix 1.8), or pass the token as a param',
        }
      return {
        ...found,
        cause: 'the program at this port is not a web server, or it expects TLS',
        fix: given.url.startsWith('ws:') || given.url.startsWith('http:') ? 'try wss://' : 'check the port',
      }
    case 'InputFailed':
      return { ...found, cause: 'the params or the token cannot be carried', fix: 'see the message' }
    case 'ConnectTimeout':
      return {
        ...found,
        cause:
          'the port is open, but the server does not answer the upgrade: connect/3 hangs, or a proxy holds it',
        fix: 'see the log of the server; raise --timeout if the network is slow',
      }
    case 'ConnectionClosed':
    case 'HeartbeatTimeout':
    case 'Unauthorized':
      return {
        ...found,
        cause: 'the server closed the connection as soon as it was open: it could not read a heartbeat',
        fix: 'check the path, and --vsn; see the log of the server',
      }
  }
}

const whyRefused = async (
  error: ConnectionRefused,
  given: Case,
): Promise<{ readonly cause: string; readonly fix: string }> => {
  const general = refusal(error, given.authToken !== undefined)
  if (error.status === 404) {
    const path = await pathThatAnswers(given)
    return path === undefined ? general : { ...general, fix: `use ${path}, where a socket answers` }
  }
  if (error.status !== 403 && error.status !== 401 && error.status !== 500) return general
  const origin = originOf(given.headers)
  if (origin !== undefined) {
    const { [origin]: value, ...headers } = given.headers
    if (isAlive(await dial(given, { headers })))
      return {
        cause: `the server does not let the origin ${String(value)} in; without one it opens`,
        fix: 'add it to check_origin of the endpoint, or of the socket',
      }
  }
  const vsn = given.vsn === '1.0.0' ? '2.0.0' : '1.0.0'
  if (isAlive(await dial(given, { vsn })))
    return { cause: `the server does not speak version ${given.vsn}, but ${vsn}`, fix: `use --vsn ${vsn}` }
  if (given.authToken !== undefined && isAlive(await dial(given, { authToken: undefined })))
    return { cause: 'the server rejects this auth token; without one it opens', fix: 'get a fresh token' }
  if (Object.keys(given.params).length > 0 && isAlive(await dial(given, { params: {} })))
    return {
      cause: 'the server rejects these params; without them it opens',
      fix: 'see connect/3 of the socket',
    }
  return general
}

const isAlive = ({ type }: Attempt): boolean => type === 'alive'

const pathThatAnswers = async (given: Case): Promise<string | undefined> => {
  for (const path of USUAL_PATHS) {
    const { protocol, host } = new URL(given.url)
    // Without the credentials and the query of the one that was given: it is shown.
    const url = `${protocol}//${host}${path}`
    const found = await dial(given, { url })
    const isThere = found.type === 'alive' || (found.type === 'failed' && isDoor(found.error))
    if (isThere) return url
  }
  return undefined
}

/** A socket that refuses the client still exists. */
const isDoor = (error: { readonly _tag: string; readonly status?: number }): boolean =>
  error._tag === 'ConnectionRefused' && (error.status === 403 || error.status === 401)

/** What else is worth knowing of a socket that works. */
export async function* examineFurther(given: Case): AsyncGenerator<Finding> {
  const other = given.vsn === '1.0.0' ? '2.0.0' : '1.0.0'
  const speaksOther = isAlive(await dial(given, { vsn: other }))
  yield {
    check: 'vsn',
    verdict: 'ok',
    found: speaksOther ? `${given.vsn}, and ${other} too` : `${given.vsn}, and not ${other}`,
  }
  if (originOf(given.headers) === undefined) {
    const open = isAlive(await dial(given, { headers: { ...given.headers, origin: FOREIGN } }))
    yield open
      ? {
          check: 'origin',
          verdict: 'note',
          found: 'pages of any origin may connect',
          cause: 'check_origin is off, as it is in development',
          fix: 'turn it on in production, all the more if the socket reads cookies',
        }
      : {
          check: 'origin',
          verdict: 'ok',
          found: 'a page of a foreign origin is refused; try yours with --header origin=https://…',
        }
  }
  yield await examineLongPoll(given)
}

const examineLongPoll = async (given: Case): Promise<Finding> => {
  const { headers, timeoutMs, signal, url, params, vsn, authToken } = given
  const target: TransportTarget = { url, params, vsn, authToken }
  const transport: Transport = longPollTransport({ headers })
  const found = await attempt(transport, target, timeoutMs, signal)
  return found.type === 'alive'
    ? { check: 'longpoll', verdict: 'ok', found: 'works, for networks that block WebSockets' }
    : {
        check: 'longpoll',
        verdict: 'note',
        found: `does not work${found.type === 'failed' ? `: ${explain(found.error)}` : ''}`,
        cause: 'it is off by default',
        fix: 'set longpoll: true at the socket in endpoint.ex, if you have users behind such networks',
      }
}
