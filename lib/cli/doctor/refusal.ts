import { type ConnectionRefused } from '../../index.ts'

interface Advice {
  readonly cause: string
  readonly fix: string
}

/** What a status means that needs no further attempt to be understood. */
export const refusal = ({ status, retryAfterMs }: ConnectionRefused, hasToken: boolean): Advice => {
  switch (status) {
    case 400:
    case 426:
      return {
        cause: 'the request arrived without its upgrade headers: a proxy on the way removed them',
        fix: 'let the proxy pass Upgrade and Connection (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade")',
      }
    case 401:
    case 403:
      return {
        cause: 'connect/3 of the socket returned :error, or a layer in front of it rejected the request',
        fix: 'pass what it asks for (--params, --token-env, --header cookie=…), and see the log of the server',
      }
    case 404:
      return {
        cause: 'no socket is mounted at this path, or it has no websocket transport',
        fix: 'pass the path of `socket` in endpoint.ex, without /websocket; behind a proxy, with its prefix',
      }
    case 429:
      return {
        cause: 'too many attempts',
        fix:
          retryAfterMs === undefined
            ? 'wait'
            : `wait ${retryAfterMs / 1000} s, as the header retry-after asks`,
      }
    case 500:
      return {
        cause: hasToken
          ? 'connect/3 of the socket raised, or the token is not what the server expects'
          : 'connect/3 of the socket raised',
        fix: 'see the log of the server',
      }
    case 502:
    case 503:
    case 504:
      return {
        cause: 'a proxy answered: the application behind it is down, or starting',
        fix: 'see whether the application runs, and where the proxy looks for it',
      }
  }
  if (status >= 300 && status < 400)
    return {
      cause: 'a redirect, which WebSocket clients do not follow; often from http to https, or to a login',
      fix: 'use the address that it leads to, with wss:// if that is https://',
    }
  if (status < 300)
    return {
      cause:
        'the answer came from a web server without WebSocket support, or from a proxy that does not forward upgrades',
      fix: 'check the path and the proxy',
    }
  return { cause: `the server answered with HTTP status ${status}`, fix: 'see the log of the server' }
}
