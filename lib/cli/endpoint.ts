import { readFileSync } from 'node:fs'
import { identity, merge, noop, type Observable, tap, using } from 'rxjs'
import {
  type Channel,
  type ChannelState,
  defaultReconnect,
  longPollTransport,
  type Params,
  phoenixSocket,
  type PhoenixSocket,
  type RetryPolicy,
  type SocketError,
  type SocketOptions,
  stopAfter,
  stopOn,
  type TraceEvent,
  traceTo,
  type Transport,
  webSocketTransport,
} from '../index.ts'
import { type ConnectionFlags, type JoinFlags } from './connection-flags.ts'
import { describeState } from './describe-state.ts'
import { UsageError } from './exit-code.ts'
import { explain } from './explain.ts'
import { type Json } from './read-argument.ts'
import { hidingSecrets } from './secrets.ts'
import { type Status } from './status.ts'

type Names = Readonly<Record<string, string>>

/** The flags of a connection. */
export interface Target {
  readonly params: Params
  readonly authToken: string | undefined
  readonly headers: Names
  readonly ca: Buffer | undefined
  readonly tls: Readonly<Record<string, unknown>>
  readonly vsn: '1.0.0' | '2.0.0'
  readonly timeoutMs: number
}

/** Reads files and the environment. Throws `UsageError`. */
export const targetOf = (flags: ConnectionFlags): Target => {
  const ca = flags.ca === undefined ? undefined : authority(flags.ca)
  return {
    // What cannot be carried shows at the call, as InvalidArgument.
    params: { ...flags.params, ...fromEnvironment(flags.paramEnv) } as Params,
    authToken: flags.tokenEnv === undefined ? undefined : variable(flags.tokenEnv),
    headers: { ...flags.header, ...fromEnvironment(flags.headerEnv) },
    ca,
    tls: { ...(ca && { ca }), ...(flags.insecure ? { rejectUnauthorized: false } : {}) },
    vsn: flags.vsn,
    timeoutMs: flags.timeout * 1000,
  }
}

/** The options of the library for these flags. */
const socketOptions = (
  flags: ConnectionFlags,
  status: Status,
  listen?: (event: TraceEvent) => void,
): SocketOptions & { readonly transport: Transport } => {
  const { params, authToken, vsn, timeoutMs, ...target } = targetOf(flags)
  const show = flags.verbose ? showing(status, hidingSecrets(flags, process.env)) : undefined
  return {
    params,
    ...(authToken === undefined ? {} : { authToken }),
    vsn,
    transport: transport(flags, target),
    connectTimeoutMs: timeoutMs,
    joinTimeoutMs: timeoutMs,
    pushTimeoutMs: timeoutMs,
    reconnect: reconnect(flags.retries),
    ...((show ?? listen) && {
      trace: traceTo((event) => {
        show?.(event)
        listen?.(event)
      }),
    }),
  }
}

const transport = (flags: ConnectionFlags, { headers, tls }: Pick<Target, 'headers' | 'tls'>): Transport => {
  if (flags.transport === 'websocket') return webSocketTransport({ headers, tls })
  if (Object.keys(tls).length > 0)
    throw new UsageError('--ca and --insecure are for websocket; set NODE_EXTRA_CA_CERTS for longpoll.')
  return longPollTransport({ headers })
}

/** What else is done with what passes through a socket. */
interface Attached {
  readonly through?: (transport: Transport) => Transport
  readonly listen?: (event: TraceEvent) => void
}

/** A socket as the flags have it. */
export const openSocket = (
  url: string,
  flags: ConnectionFlags,
  status: Status,
  { through = identity, listen }: Attached = {},
): PhoenixSocket => {
  const { transport, ...options } = socketOptions(flags, status, listen)
  return phoenixSocket(url, { ...options, transport: through(transport) })
}

/** The payload of the join. */
export const joinParams = (flags: JoinFlags): Json => ({
  ...flags.joinParams,
  ...fromEnvironment(flags.joinParamEnv),
})

/** The states of a channel, with the topic that is shown beside them. */
export type ShownChannel = Observable<ChannelState> & Pick<Channel, 'topic'>

/** Reports the states of the socket and of channels while the task runs, which keeps them joined. */
export const telling = <A>(
  socket: PhoenixSocket,
  channels: readonly ShownChannel[],
  status: Status,
  task$: Observable<A>,
): Observable<A> => {
  const states$ = merge(
    socket.pipe(
      tap((state) => {
        tell(status, 'connection', describeState(state))
      }),
    ),
    ...channels.map((channel) =>
      channel.pipe(
        tap((state) => {
          tell(status, channel.topic, describeState(state))
        }),
      ),
    ),
  )
  return alongside(states$, task$)
}

/** Runs the one while the other goes on. Its errors become those of the task, which reports them. */
export const alongside = <A>(side$: Observable<unknown>, task$: Observable<A>): Observable<A> =>
  using(
    () => side$.subscribe({ error: noop }),
    () => task$,
  )

const tell = (status: Status, who: string, described: ReturnType<typeof describeState>): void => {
  if (described) status.tell(`${who}: ${described.text}`, described.tone)
}

const TOO_MANY_REQUESTS = 429

/** A server that refuses once will refuse again: the address is wrong, or access is denied. */
const isHopeless = (cause: SocketError): boolean =>
  cause._tag === 'ConnectionRefused' && cause.status < 500 && cause.status !== TOO_MANY_REQUESTS

const reconnect = (retries: number | undefined): RetryPolicy => {
  const policy = stopOn(isHopeless)(defaultReconnect)
  return retries === undefined ? policy : stopAfter(retries)(policy)
}

const authority = (file: string): Buffer => {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UsageError(`--ca: ${(cause as Error).message}`)
  }
}

const variable = (name: string): string => {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new UsageError(`The environment variable ${name} is not set, or empty.`)
  return value
}

const fromEnvironment = (names: Names = {}): Names =>
  Object.fromEntries(Object.entries(names).map(([key, name]) => [key, variable(name)]))

const showing =
  (status: Status, hide: (json: string) => string) =>
  (event: TraceEvent): void => {
    switch (event.type) {
      case 'frame-in':
      case 'frame-out':
        status.tell(`${event.type === 'frame-in' ? '<' : '>'} ${hide(event.frame)}`, 'faint')
        return
      case 'dropped':
        status.tell(`dropped, ${event.reason}: ${event.message.event} of ${event.message.topic}`, 'faint')
        return
      case 'decode-failed':
      case 'input-failed':
        status.tell(hide(explain(event.error)), 'warning')
        return
      case 'connection':
      case 'channel':
      // They are reported anyway.
    }
  }
