import { readFileSync } from 'node:fs'
import { merge, noop, type Observable, tap, using } from 'rxjs'
import {
  type Channel,
  defaultReconnect,
  type Params,
  phoenixSocket,
  type PhoenixSocket,
  type RetryPolicy,
  type SocketError,
  type SocketOptions,
  stopAfter,
  stopOn,
  type TraceEvent,
  type Transport,
  webSocketTransport,
} from '../index.ts'
import { type ConnectionFlags, type JoinFlags } from './connection-flags.ts'
import { describeState } from './describe-state.ts'
import { UsageError } from './exit-code.ts'
import { type Json } from './read-argument.ts'
import { type Status } from './status.ts'

type Names = Readonly<Record<string, string>>

/** The options of the library for these flags. Throws `UsageError`. */
export const socketOptions = (flags: ConnectionFlags, status: Status): SocketOptions => {
  const timeoutMs = flags.timeout * 1000
  return {
    // What cannot be carried shows at the call, as InvalidArgument.
    params: { ...flags.params, ...fromEnvironment(flags.paramEnv) } as Params,
    ...(flags.tokenEnv === undefined ? {} : { authToken: variable(flags.tokenEnv) }),
    vsn: flags.vsn,
    transport: transport(flags),
    connectTimeoutMs: timeoutMs,
    joinTimeoutMs: timeoutMs,
    pushTimeoutMs: timeoutMs,
    reconnect: reconnect(flags.retries),
    ...(flags.verbose ? { trace: showing(status) } : {}),
  }
}

/** Headers and TLS as the flags have them. */
export const transport = (flags: ConnectionFlags): Transport =>
  webSocketTransport({
    headers: { ...flags.header, ...fromEnvironment(flags.headerEnv) },
    tls: {
      ...(flags.ca === undefined ? {} : { ca: authority(flags.ca) }),
      ...(flags.insecure ? { rejectUnauthorized: false } : {}),
    },
  })

/** A socket as the flags have it. */
export const openSocket = (url: string, flags: ConnectionFlags, status: Status): PhoenixSocket =>
  phoenixSocket(url, socketOptions(flags, status))

/** The payload of the join. */
export const joinParams = (flags: JoinFlags): Json => ({
  ...flags.joinParams,
  ...fromEnvironment(flags.joinParamEnv),
})

/** Tells the states of the socket and of channels for as long as the task goes on, which keeps them joined. */
export const telling = <A>(
  socket: PhoenixSocket,
  channels: readonly Channel[],
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

/** Runs the one for as long as the other goes on. Its errors are those of the task too, which reports them. */
export const alongside = <A>(side$: Observable<unknown>, task$: Observable<A>): Observable<A> =>
  using(
    () => side$.subscribe({ error: noop }),
    () => task$,
  )

const tell = (status: Status, who: string, described: ReturnType<typeof describeState>): void => {
  if (described) status.tell(`${who}: ${described.text}`, described.tone)
}

const TOO_MANY_REQUESTS = 429

/** A server that answers, and says no, will say so again: the address is wrong, or we are not let in. */
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
  (status: Status) =>
  (event: TraceEvent): void => {
    switch (event.type) {
      case 'frame-in':
      case 'frame-out':
        status.tell(`${event.type === 'frame-in' ? '<' : '>'} ${event.frame}`, 'faint')
        return
      case 'dropped':
        status.tell(`dropped, ${event.reason}: ${event.message.event} of ${event.message.topic}`, 'faint')
        return
      case 'decode-failed':
      case 'input-failed':
        status.tell(event.error.message, 'warning')
        return
      case 'connection':
      case 'channel':
      // They are told anyway.
    }
  }
