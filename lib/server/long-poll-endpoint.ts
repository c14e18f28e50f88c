import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, crashAnswer, originAllowed } from './connect.ts'
import { type EndpointHost } from './endpoint-host.ts'
import { answerRequest } from './http-answer.ts'
import { longPollSession, type LongPollSession } from './long-poll-session.ts'
import { type Mount } from './mount.ts'
import { queryParams } from './query-params.ts'
import { readBody } from './read-body.ts'
import { type LongPollOptions } from './socket-definition.ts'
import { type SocketProcess } from './socket-process.ts'
import { windows } from './windows.ts'

export interface LongPollEndpoint {
  request(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void
  /** Answers what is held back. */
  end(): void
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
  const held = windows()
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
      windows: held,
      answer: (poll, messages) => {
        answer(poll, { messages, status: messages.length > 0 ? 200 : 204, token })
      },
      notText: (poll) => {
        const error = 'long polling carries no bytes but those of a text'
        host.trace({ _tag: 'NotEncodable', topic: mount.path, event: 'binary', error })
        answerRequest(poll, crashAnswer)
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
    for (const frame of framesOf(body, request.headers['content-type'])) {
      if (frame === undefined) {
        answerRequest(response, crashAnswer)
        return
      }
      session.process.receive(frame)
    }
    const close = held.open(options.windowMs, () => {
      answer(response, { status: 408 })
    })
    await session.process.settled()
    // A session that has ended in between never answers; a slow join may take longer than the window, too.
    if (!session.process.isLive()) return
    close()
    answer(response, { status: 200 })
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
    end: () => {
      held.end()
    },
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * One message, or one a line; a line that is not an array is a binary frame in base64, or undefined if it is neither, which
 * makes Phoenix raise.
 */
const framesOf = (
  body: Buffer,
  contentType: string | undefined,
): readonly (string | Uint8Array | undefined)[] => {
  if (!isUtf8(body)) return [''] // never a valid message
  const text = body.toString('utf8')
  if (contentType !== 'application/x-ndjson') return [text]
  return text
    .split(/\r?\n/)
    .slice(0, MAX_LINES)
    .map((line) =>
      line.startsWith('[') ? line : BASE64.test(line) ? Buffer.from(line, 'base64') : undefined,
    )
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
