import { DEV } from './dev.ts'
import { type Either, left, right } from 'fp-ts/Either'
import { typeName } from './bytes.ts'
import { param, withParam } from './with-param.ts'

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

export interface InvalidUrl {
  readonly _tag: 'InvalidUrl'
  readonly reason: string | false
}

type TransportPath = 'websocket' | 'longpoll'

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
  // Relative to a page the empty URL would be the page itself.
  if (base !== undefined && mountPoint === '') return invalid(DEV && 'it is empty')
  let href: string
  try {
    ;({ href } = new URL(mountPoint, base))
  } catch {
    href = ''
  }
  const scheme = /^[\w+.-]+:/.exec(href)?.[0].toLowerCase()
  if (scheme === undefined)
    return invalid(
      DEV &&
        (base === undefined
          ? 'it must be absolute, such as wss://example.com/socket'
          : 'it cannot be parsed'),
    )
  const [, host, mounted = '', given = ''] = /:\/\/([^/?#]+)([^?#]*)\??([^#]*)/.exec(href) ?? []
  if (host === undefined || !/^(ws|http)s?:$/.test(scheme))
    return invalid(DEV && `its scheme is ${scheme} and should be ws:, wss:, http: or https:`)
  const query = given === '' ? [] : [given]
  try {
    JSON.stringify(params) // a cycle ends here, before it fills the memory
    for (const [key, value] of entriesOf(params)) appendParam(query, key, value)
  } catch {
    return invalid(
      DEV &&
        'params must be plain data, without cycles; of a Map or URLSearchParams make Object.fromEntries(it)',
    )
  }
  // The slash behind another character, lest a long row of slashes be searched from each of them.
  const mount = mounted.replace(/(^|[^/])\/+$/, '$1').replace(/\/(websocket|longpoll)$/, '')
  const secure = scheme === 'wss:' || scheme === 'https:'
  return right(
    withParam(`${schemes[path][secure ? 1 : 0]}//${host}${mount}/${path}?${query.join('&')}`, 'vsn', vsn),
  )
}

/**
 * `{ a: { b: 1 }, l: [1, 2] }` as Plug decodes it: `a[b]=1&l[]=1&l[]=2`. Null and undefined are left out.
 *
 * In `l[][a]=1&l[][b]=2` Plug sees two items. So a list of objects or lists travels as an object with the indices as
 * its keys, `l[0][a]=1&l[0][b]=2`, as Phoenix's forms and its own client write it.
 */
const appendParam = (query: string[], key: string, value: unknown): void => {
  if (value === null || value === undefined) return
  if (typeof value !== 'object') {
    query.push(param(key, `${value as number}`)) // any scalar; a symbol throws
    return
  }
  const { toJSON } = value as Partial<Date>
  if (toJSON) {
    appendParam(query, key, toJSON.call(value))
    return
  }
  const flat = Array.isArray(value) && !value.some((item) => typeof item === 'object' && item !== null)
  for (const [name, inner] of entriesOf(value)) appendParam(query, `${key}[${flat ? '' : name}]`, inner)
}

/** Throws for what has entries of another kind, or none, such as a Map or a Promise: they would vanish without a word. */
const entriesOf = (value: object): [string, unknown][] => {
  if (!/^(Object|Array)$/.test(typeName(value))) throw new TypeError()
  return Object.entries(value)
}

const invalid = (reason: string | false): Either<InvalidUrl, never> => left({ _tag: 'InvalidUrl', reason })

/** A URL as it may be shown: without query and credentials, where secrets travel. */
export const withoutSecrets = (url: string): string =>
  url.replace(/[?#].*$/s, '').replace(/(:[\\/]*|[\\/]{2})[^\\/]*@/, '$1')
