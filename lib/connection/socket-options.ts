import { isLeft } from 'fp-ts/Either'
import { asyncScheduler, EMPTY, isObservable, type Observable, type SchedulerLike } from 'rxjs'
import { authTokenProtocols } from '../protocol/auth-token.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { endpointUrl, type ParamObject, type Params } from '../protocol/endpoint-url.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { serializerV1 } from '../protocol/json-v1.ts'
import { lazySerializerV2 } from '../protocol/json-v2.ts'
import { guardedSerializer, type Serializer } from '../protocol/serializer.ts'
import { pageAddress } from '../transport/address.ts'
import { type Transport } from '../transport/transport.ts'
import { webSocketTransport } from '../transport/web-socket.ts'
import { callable, capable, count, duration, durationOrNone, given, optionsIn, stream } from './checks.ts'
import { type Dynamic } from './dynamic.ts'
import { defaultReconnect, defaultRejoin, type RetryPolicy } from './retry-policy.ts'
import { type TraceListener } from './trace.ts'

/** Options of `phoenixSocket`. All times are in milliseconds. */
export interface SocketOptions {
  /**
   * The query string of each attempt. Nested objects and lists travel as `a[b]=1` and `l[]=1`; null and undefined are left
   * out. Default: none.
   */
  readonly params?: Dynamic<Params | ParamObject>
  /**
   * Travels as a sub-protocol or header, never in the URL. Null, undefined and an empty string mean no token: a stream that
   * emits one of them signs out by reconnecting without a token. Default: none.
   */
  readonly authToken?: Dynamic<string | null | undefined>
  /** Version of the protocol. Default: `2.0.0`. */
  readonly vsn?: '2.0.0' | '1.0.0'
  /** Default: the serializer of `vsn`. */
  readonly serializer?: Serializer
  /** Default: `webSocketTransport()`. */
  readonly transport?: Transport
  /** How long an attempt may take, including the evaluation of URL, params and token. Default: 10,000. */
  readonly connectTimeoutMs?: number
  /**
   * The time from one heartbeat's reply to the next heartbeat, and the time limit of each reply. 0 turns heartbeats off.
   * Default: 30,000.
   */
  readonly heartbeatIntervalMs?: number
  /** How long a join may take, from sending it to its reply. Default: 10,000. */
  readonly joinTimeoutMs?: number
  /** How long a push may take, from its subscription, waiting for the join included. Default: 10,000. */
  readonly pushTimeoutMs?: number
  /** Default: 10, 50, 100, 150, 200, 250, 500, 1000, 2000, then 5000, with full jitter. */
  readonly reconnect?: RetryPolicy
  /** Default: 1000, 2000, 5000, then 10,000; a refused first join stops, a refused rejoin is tried again. */
  readonly rejoin?: RetryPolicy
  /** How long to stay connected and joined after the last unsubscribe. Default: 0. */
  readonly lingerMs?: number
  /** Spreads channels over several connections, at most this many on each. Default: no limit, one connection. */
  readonly channelsPerConnection?: number
  /** How many joins may await their reply at a time on one connection. Default: 100. */
  readonly joinsInFlight?: number
  /**
   * Each value ends a wait, restarts an attempt that has hung for 5 s, or probes an open connection with a heartbeat. In a
   * browser: `browserWake()`. Default: none.
   */
  readonly wake?: Observable<unknown>
  /** While true, the connection is closed and stays closed. In a browser: `browserPause()`. Default: none. */
  readonly pause?: Observable<boolean>
  /** Receives every frame and transition: `consoleTrace()`, or `traceTo((event) => …)`. Default: none, which costs nothing. */
  readonly trace?: TraceListener
  /** Every timer of the library runs on it. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/** The options, checked, with their defaults in place. */
export interface SocketSettings extends Required<Omit<SocketOptions, 'vsn' | 'params' | 'trace'>> {
  readonly params: Dynamic<Params>
  readonly trace: TraceListener | undefined
}

const DEFAULTS = {
  params: {},
  authToken: undefined,
  connectTimeoutMs: 10_000,
  heartbeatIntervalMs: 30_000,
  joinTimeoutMs: 10_000,
  pushTimeoutMs: 10_000,
  reconnect: defaultReconnect,
  rejoin: defaultRejoin,
  lingerMs: 0,
  channelsPerConnection: Infinity,
  joinsInFlight: 100,
  wake: EMPTY,
  pause: EMPTY,
  trace: undefined,
  scheduler: asyncScheduler,
} satisfies Partial<SocketSettings>

/** Checks the options and fills in the defaults. Throws `InvalidArgument`. */
export const toSettings = (options: SocketOptions): SocketSettings => {
  const settings: SocketSettings = {
    transport: webSocketTransport(),
    ...DEFAULTS,
    ...given(options),
    serializer: serializerFor(options),
  }
  if (DEV) check(settings)
  return settings
}

const serializerFor = ({ serializer, vsn = '2.0.0' }: SocketOptions): Serializer => {
  if (DEV && serializer) capable('serializer', serializer, 'encode', 'decode')
  if (serializer) return guardedSerializer(serializer)
  const ours = [serializerV1, lazySerializerV2].find((each) => each.vsn === vsn)
  if (!ours)
    throw new InvalidArgument('vsn', vsn, DEV && "pass '2.0.0' or '1.0.0', or a serializer of your own.")
  return ours
}

const check = (settings: SocketSettings): void => {
  const {
    channelsPerConnection,
    joinsInFlight,
    pause,
    reconnect,
    rejoin,
    scheduler,
    trace,
    transport,
    wake,
  } = settings
  callable('transport', transport)
  for (const name of ['connectTimeoutMs', 'joinTimeoutMs', 'pushTimeoutMs'] as const)
    duration(name, settings[name])
  for (const name of ['heartbeatIntervalMs', 'lingerMs'] as const) durationOrNone(name, settings[name])
  callable('reconnect', reconnect)
  callable('rejoin', rejoin)
  count('channelsPerConnection', channelsPerConnection)
  count('joinsInFlight', joinsInFlight)
  stream('wake', wake)
  stream('pause', pause)
  checked(
    !trace || typeof (trace as Partial<TraceListener>).attach === 'function',
    'trace',
    trace,
    'pass consoleTrace(), or traceTo(yourFunction).',
  )
  capable('scheduler', scheduler, 'schedule', 'now')
}

/** Checks constants at the call. Functions and streams are checked at the first attempt (`InputFailed`). */
export const checkAddress = (url: Dynamic<string>, options: SocketOptions): void => {
  if (DEV) optionsIn('options', options)
  const { params = {}, authToken, transport } = options
  checked(
    typeof url === 'string' || typeof url === 'function' || isObservable(url),
    'url',
    url,
    DEV && 'pass the mount point of the socket, such as wss://example.com/socket.',
  )
  const mountPoint = typeof url === 'string' ? url : LOCAL
  // Where there is no page, as during server-side rendering, `/socket` is accepted: only subscribing fails, with `InputFailed`.
  // Other URLs without a host are rejected everywhere.
  const base = pageAddress() ?? (mountPoint.startsWith('/') ? LOCAL : undefined)
  const constants = typeof params === 'function' || isObservable(params) ? {} : params
  const address = endpointUrl(mountPoint, { path: 'websocket', params: constants, vsn: '', base })
  if (isLeft(address)) throw address.left
  // Another transport may carry what a sub-protocol cannot.
  if (typeof authToken !== 'string' || authToken === '' || transport) return
  const protocols = authTokenProtocols(authToken)
  if (isLeft(protocols)) throw protocols.left
}

const LOCAL = 'ws://localhost'
