import { randomBytes } from 'node:crypto'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, crashAnswer, originAllowed } from './connect.ts'
import { type EndpointHost } from './endpoint-host.ts'
import { answerRequest } from './http-answer.ts'
import { longPollSession, type LongPollSession } from './long-poll-session.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { type Mount } from './mount.ts'
import { queryParams } from './query-params.ts'
import { readBody } from './read-body.ts'
import { type LongPollOptions } from './socket-definition.ts'
import { type SocketProcess } from './socket-process.ts'

export interface LongPollEndpoint {
  request(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void
}

interface Session extends LongPollSession {
  readonly token: string
  readonly process: SocketProcess
}

/** Lines of one POST that a Phoenix server reads; what follows vanishes without a word. */
const MAX_LINES = 100

/** `/longpoll` below a mount point (recordings `longpoll`, `longpoll_refused`, `longpoll_token_header`). */
export const longPollEndpoint = (
  mount: Mount,
  options: Required<LongPollOptions>,
  host: EndpointHost,
): LongPollEndpoint => {
  const sessions: Map<string, Session> = new Map()
  const cors = { 'access-control-allow-origin': options.allowOrigin }

  /** The HTTP status is 200 whatever happens; the one that counts is in the body. */
  const answer = (
    response: ServerResponse,
    body: { readonly status: number } & Readonly<Record<string, unknown>>,
  ): void => {
    answerRequest(response, {
      status: 200,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...cors },
    })
  }

  const newSession = async (
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<void> => {
    const { headers } = request
    const authToken = mount.definition.authToken === true ? (headers['x-phoenix-authtoken'] ?? null) : null
    const result = await connect(
      mount,
      {
        params: queryParams(query),
        authToken: typeof authToken === 'string' ? authToken : null,
        headers,
        transport: 'longpoll',
        remoteAddress: request.socket.remoteAddress,
      },
      host.trace,
    )
    if (result._tag === 'Refused') {
      if (result.status === 500) answerRequest(response, result)
      else answer(response, { status: 403 })
      return
    }
    if (!host.admits()) {
      answer(response, { status: 403 })
      return
    }
    const token = randomBytes(24).toString('base64url')
    const session = longPollSession({
      windowMs: options.windowMs,
      answer: (poll, { status, messages }) => {
        answer(poll, { messages, status, token })
      },
      notText: () => {
        host.trace({
          _tag: 'NotEncodable',
          topic: mount.path,
          event: 'binary',
          error: 'long polling carries no bytes',
        })
      },
      closed: () => {
        sessions.delete(token)
        process.ended()
        host.finish(process)
      },
    })
    const process = host.start(mount, result, 'longpoll', session.link)
    sessions.set(token, { ...session, token, process })
    answer(response, { messages: [], status: 410, token })
  }

  const publish = async (
    request: IncomingMessage,
    response: ServerResponse,
    session: Session,
  ): Promise<void> => {
    const body = await readBody(request)
    if (body === undefined) {
      answerRequest(response, { status: 413, body: '', headers: cors })
      return
    }
    for (const frame of framesOf(body, request.headers['content-type'])) session.process.receive(frame)
    const handled = await within(options.windowMs, session.process.settled())
    answer(response, { status: !handled ? 408 : sessions.has(session.token) ? 200 : 410 })
  }

  const sessionOf = ({ headers }: IncomingMessage, query: URLSearchParams): Session | undefined => {
    const token = headers['x-phoenix-longpoll-token'] ?? query.get('token')
    return typeof token === 'string' ? sessions.get(token) : undefined
  }

  const handle = async (
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<void> => {
    const { method, headers } = request
    if (!originAllowed(mount.definition.checkOrigin, headers.origin)) {
      answer(response, { status: 403 })
      return
    }
    const session = sessionOf(request, query)
    if (method === 'OPTIONS')
      answerRequest(response, preflight(headers['access-control-request-headers'] ?? '', cors))
    else if (method === 'GET' && session) session.poll(response)
    else if (method === 'GET') {
      if (host.admits()) await newSession(request, response, query)
      else answer(response, { status: 403 })
    } else if (method === 'POST' && session) await publish(request, response, session)
    else if (method === 'POST') answer(response, { status: 410 })
    else answerRequest(response, { status: 400, body: '', headers: cors })
  }

  return {
    request: (request, response, query) => {
      response.on('error', () => undefined)
      handle(request, response, query).catch((error: unknown) => {
        if (request.destroyed && !request.complete) return // the client has gone in the middle of its body
        host.trace({ _tag: 'ConnectCrashed', path: mount.path, error })
        answerRequest(response, crashAnswer)
      })
    },
  }
}

/** Whether a promise settles in time: a POST is answered when its messages are handled, a slow join among them. */
const within = (ms: number, promise: Promise<void>): Promise<boolean> =>
  new Promise((resolve) => {
    const late = setTimeout(() => {
      resolve(false)
    }, heldDelay(ms))
    void promise.then(() => {
      clearTimeout(late)
      resolve(true)
    })
  })

/** One message, or one a line; a line of version 2 that is no array is a binary frame in base64. */
const framesOf = (body: Buffer, contentType: string | undefined): readonly (string | Uint8Array)[] => {
  const text = body.toString('utf8')
  if (contentType !== 'application/x-ndjson') return [text]
  return text
    .split(/\r?\n/)
    .slice(0, MAX_LINES)
    .map((line) => (line.startsWith('[') ? line : Buffer.from(line, 'base64')))
}

const preflight = (
  requested: string,
  cors: Readonly<Record<string, string>>,
): { status: number; body: string; headers: Readonly<Record<string, string>> } => ({
  status: 200,
  body: '',
  headers: {
    ...cors,
    'access-control-allow-headers': requested,
    'access-control-allow-methods': 'get, post, options',
    'access-control-max-age': '3600',
  },
})
