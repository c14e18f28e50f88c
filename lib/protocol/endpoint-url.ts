import { DEV } from './dev.ts'
import { type Either, left, right } from 'fp-ts/Either'
import { InvalidArgument } from './invalid-argument.ts'
import { queryOf, withParam } from './query.ts'

/**
 * A value in the query of a connection. The server sees strings, in objects (`a[b]=1`) and lists (`l[]=1`); null and
 * undefined are left out.
 */
export type ParamValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly ParamValue[]
  | { readonly [key: string]: ParamValue }
  | ParamObject

/**
 * An object of an `interface` type, which TypeScript does not let pass for a record. What is never plain data (functions,
 * Promises, Observables) does not compile; its properties are checked at run time.
 */
export type ParamObject = object & {
  readonly apply?: never
  readonly then?: never
  readonly subscribe?: never
}

/** Params of a connection, by name. */
export type Params = Readonly<Record<string, ParamValue>>

interface Endpoint {
  readonly path: 'websocket' | 'longpoll'
  readonly params: Params
  readonly vsn: string
  /** What a relative URL (`/socket`) is relative to: the page's address. Without one, only absolute URLs will do. */
  readonly base?: string | undefined
}

/** Scheme, host, path and query of an address. */
const ADDRESS = /^(?:ws|http)(s?):\/\/([^/?#]+)([^?#]*)\??([^#]*)/i

/**
 * The address of a transport below the mount point of a socket: `wss://host/socket` gives
 * `wss://host/socket/websocket?…&vsn=2.0.0`. A query that is there stays; `ws` and `http` are taken for each other.
 */
export const endpointUrl = (
  mountPoint: string,
  { path, params, vsn, base }: Endpoint,
): Either<InvalidArgument, string> => {
  const href = hrefOf(mountPoint, base)
  const [, secure, host, mounted = '', given = ''] = ADDRESS.exec(href) ?? []
  if (host === undefined)
    return left(new InvalidArgument('url', mountPoint, DEV && whyInvalid(mountPoint, href, base)))
  // The slash behind another character, lest a long row of slashes be searched from each of them.
  const mount = mounted.replace(/(^|[^/])\/+$/, '$1').replace(/\/(websocket|longpoll)$/, '')
  const scheme = (path === 'websocket' ? 'ws' : 'http') + (secure ? 's' : '')
  try {
    JSON.stringify(params) // a cycle ends here, before it fills the memory
    const query = withParam([...given.split('&'), ...queryOf(params)], 'vsn', vsn)
    return right(`${scheme}://${host}${mount}/${path}?${query}`)
  } catch {
    return left(
      new InvalidArgument(
        'params',
        params,
        DEV &&
          'params must be plain data, without cycles; of a Map or URLSearchParams make Object.fromEntries(it)',
      ),
    )
  }
}

/** The whole address of a URL; the empty text if it has none. */
const hrefOf = (url: string, base: string | undefined): string => {
  try {
    // Relative to a page the empty URL would be the page itself.
    return url && new URL(url, base).href
  } catch {
    return ''
  }
}

const whyInvalid = (mountPoint: string, href: string, base: string | undefined): string => {
  const scheme = /^[\w+.-]+:/.exec(href)?.[0].toLowerCase()
  if (scheme !== undefined) return `its scheme is ${scheme} and should be ws:, wss:, http: or https:`
  if (base === undefined) return 'it must be absolute, such as wss://example.com/socket'
  return mountPoint === '' ? 'it is empty' : 'it cannot be parsed'
}
