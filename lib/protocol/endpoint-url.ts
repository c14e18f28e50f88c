import { type Either, left, right } from 'fp-ts/Either'

/** A value in the query of a connection. The server sees strings; objects and lists travel as `a[b]=1` and `l[]=1`. */
export type ParamValue =
  string | number | boolean | readonly ParamValue[] | { readonly [key: string]: ParamValue }
export type Params = Readonly<Record<string, ParamValue>>

export interface InvalidUrl {
  readonly _tag: 'InvalidUrl'
  readonly reason: string
}

export type TransportPath = 'websocket' | 'longpoll'

interface Endpoint {
  readonly path: TransportPath
  readonly params: Params
  readonly vsn: string
  /** What a relative URL (`/socket`) is relative to: the page's address. Without one, only absolute URLs will do. */
  readonly base?: string | undefined
}

const schemes: Readonly<Record<TransportPath, readonly [plain: string, secure: string]>> = {
  websocket: ['ws:', 'wss:'],
  longpoll: ['http:', 'https:'],
}

/**
 * The address of a transport below the mount point of a socket: `wss://host/socket` gives
 * `wss://host/socket/websocket?…&vsn=2.0.0`. A query that is there stays; `ws` and `http` are taken for each other.
 */
export const endpointUrl = (
  mountPoint: string,
  { path, params, vsn, base }: Endpoint,
): Either<InvalidUrl, string> => {
  let url: URL
  try {
    url = new URL(mountPoint, base)
  } catch {
    return invalid(
      base === undefined ? 'it must be absolute, such as wss://example.com/socket' : 'it cannot be parsed',
    )
  }
  const secure = url.protocol === 'wss:' || url.protocol === 'https:'
  if (!secure && url.protocol !== 'ws:' && url.protocol !== 'http:')
    return invalid(`its scheme is ${url.protocol} and should be ws:, wss:, http: or https:`)
  const scheme = schemes[path][secure ? 1 : 0]
  const mount = url.pathname.replace(/\/+$/, '').replace(/\/(websocket|longpoll)$/, '')
  const query = new URLSearchParams(url.search)
  for (const [key, value] of Object.entries(params)) appendParam(query, key, value)
  query.set('vsn', vsn)
  const credentials =
    url.username === '' ? '' : `${url.username}${url.password === '' ? '' : `:${url.password}`}@`
  return right(`${scheme}//${credentials}${url.host}${mount}/${path}?${query.toString()}`)
}

/** `{ a: { b: 1 }, l: [1, 2] }` as Plug decodes it: `a[b]=1&l[]=1&l[]=2`. Null and undefined are left out. */
const appendParam = (query: URLSearchParams, key: string, value: unknown): void => {
  if (value === null || value === undefined) return
  if (Array.isArray(value)) for (const item of value) appendParam(query, `${key}[]`, item)
  else if (typeof value === 'object')
    for (const [name, inner] of Object.entries(value)) appendParam(query, `${key}[${name}]`, inner)
  else query.append(key, String(value as string | number | boolean))
}

const invalid = (reason: string): Either<InvalidUrl, never> => left({ _tag: 'InvalidUrl', reason })

/** A URL as it may be shown: without query and credentials, where secrets travel. */
export const withoutSecrets = (url: string): string =>
  url.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//')
