import { type IncomingMessage, type ServerResponse } from 'node:http'
import { oneLine } from '../protocol/one-line.ts'
import { attach } from './attach.ts'
import { warn } from './warn.ts'
import { crashAnswer } from './connect.ts'
import { type EndpointHost } from './endpoint-host.ts'
import { answerRequest, answerUpgrade, notFound } from './http-answer.ts'
import { type HttpListener } from './http-listener.ts'
import { longPollEndpoint, type LongPollEndpoint } from './long-poll-endpoint.ts'
import { type Mount } from './mount.ts'
import { type ServerOptions } from './server-options.ts'
import { webSocketEndpoint, type WebSocketEndpoint } from './web-socket-endpoint.ts'

/** Sends each request to the socket at its path. The function returned takes the routes away. */
export const routes = (
  { http }: HttpListener,
  mounts: readonly Mount[],
  host: EndpointHost,
  otherRequest: ServerOptions['request'],
): (() => void) => {
  const webSockets: Map<string, WebSocketEndpoint> = new Map()
  const longPolls: Map<string, LongPollEndpoint> = new Map()
  for (const mounted of mounts) {
    if (mounted.websocket)
      webSockets.set(`${mounted.path}/websocket`, webSocketEndpoint(mounted, mounted.websocket, host))
    if (mounted.longpoll)
      longPolls.set(`${mounted.path}/longpoll`, longPollEndpoint(mounted, mounted.longpoll, host))
  }
  const detach = attach(http, {
    upgrade: (request, raw, head) => {
      const { path, query } = targetOf(request)
      const endpoint = webSockets.get(path)
      endpoint?.upgrade(request, raw, head, query)
      return endpoint !== undefined
    },
    request: (request, response) => {
      const { path, query } = targetOf(request)
      const endpoint = longPolls.get(path) ?? webSockets.get(path)
      endpoint?.request(request, response, query)
      return endpoint !== undefined
    },
    otherUpgrade: (raw) => {
      answerUpgrade(raw, notFound)
    },
    otherRequest: (request, response) => {
      if (otherRequest) void answeredBy(otherRequest, request, response)
      else answerRequest(response, notFound)
    },
  })
  return () => {
    for (const longPoll of longPolls.values()) longPoll.end()
    detach()
  }
}

/** What the user's function throws, or rejects with, is reported as a warning, and the client gets a 500 if it can. */
const answeredBy = async (
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    await answer(request, response)
  } catch (error) {
    const what = oneLine(`the function request threw for "${targetOf(request).path}": ${String(error)}`)
    warn(what)
    // Once its head has been sent, only the end of the connection can show that the answer is incomplete.
    if (response.headersSent) response.destroy()
    else answerRequest(response, crashAnswer)
  }
}

/** Path and query of a request. By hand, since a client may send a target that `URL` throws at. */
const targetOf = ({
  url = '/',
}: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } => {
  const at = url.indexOf('?')
  return at === -1
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) }
}
