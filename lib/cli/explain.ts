import {
  type ConnectionRefused,
  type ConnectTimeout,
  type HeartbeatTimeout,
  type InputFailed,
  type InvalidArgument,
  type JoinTimeout,
  type PushTimeout,
} from '../index.ts'
import { type CheckpointFailed, type StoreFailed } from '../durable/index.ts'

type Tagged = Error & { readonly _tag?: unknown; readonly cause?: unknown }

/**
 * The message of an error in words of the command line. The library advises programmers, in terms of its options and
 * methods; here the advice names flags. By `_tag`, so that an error without an entry keeps its own text.
 */
export const explain = (error: Error): string => {
  const { _tag } = error as Tagged
  const words = typeof _tag === 'string' ? explanations[_tag] : undefined
  return words ? words(error as never) : error.message
}

const explanations: Readonly<Record<string, (error: never) => string>> = {
  ConnectionRefused: ({ status, retryAfterMs }: ConnectionRefused) =>
    `The server refused the connection with HTTP status ${status}${refusal(status, retryAfterMs)}.`,
  ConnectionFailed: ({ message }: Error) =>
    message.replace('With an authToken the socket needs', 'With --token-env the socket needs'),
  ConnectionClosed: ({ message }: Error) => message.replace(/; "reconnect" decides.*$/, '.'),
  ConnectTimeout: ({ timeoutMs }: ConnectTimeout) =>
    `The connection did not open within ${seconds(timeoutMs)}; raise --timeout if the network is slow.`,
  HeartbeatTimeout: ({ timeoutMs }: HeartbeatTimeout) =>
    `The server did not answer a heartbeat within ${seconds(timeoutMs)}.`,
  InputFailed: ({ input, cause }: InputFailed) =>
    `${flagOf(input)} cannot be used${cause instanceof Error ? `: ${withFlag(cause)}` : '.'}`,
  InvalidArgument: (error: InvalidArgument) => withFlag(error),
  Unauthorized: ({ message }: Error) => message.replace(/; sign in again.*$/, '.'),
  JoinRefused: ({ message }: Error) => message.replace(': see response.', '.'),
  JoinTimeout: ({ topic, timeoutMs }: JoinTimeout) =>
    `The server did not answer the join of "${topic}" within ${seconds(timeoutMs)}; ` +
    'raise --timeout if the join takes longer, or if its reply is large and the network slow.',
  TooManyChannels: ({ topic }: { readonly topic: string }) =>
    `The server allows no more channels on one connection, so "${topic}" was refused; ` +
    'name fewer topics, or raise max_channels_per_transport on the server.',
  AlreadyJoined: ({ topic }: { readonly topic: string }) =>
    `"${topic}" is joined already; name it only once.`,
  PushRefused: ({ message }: Error) => message.replace(': see response.', '.'),
  PushTimeout: ({ event, topic, sent, timeoutMs }: PushTimeout) =>
    sent
      ? `The server did not answer "${event}" on "${topic}" within ${seconds(timeoutMs)}; ` +
        'if it never answers this event, use --no-reply, otherwise raise --timeout.'
      : `"${event}" on "${topic}" was not sent, since the topic was not joined within ${seconds(timeoutMs)}.`,
  ConnectionLost: ({ sent }: { readonly sent: boolean }) =>
    sent
      ? 'The connection ended before the answer came, so it is unknown whether the server received the push.'
      : 'The connection ended before the push was sent.',
  ChannelClosed: ({ topic, sent }: { readonly topic: string; readonly sent: boolean }) =>
    `The server closed "${topic}" before the push was ${sent ? 'answered' : 'sent'}.`,
  InvalidPayload: ({ message }: Error) =>
    message.replace(/has no binary form.*$/, 'cannot carry bytes; use --vsn 2.0.0.'),
  CheckpointFailed: ({ source, step, cause }: CheckpointFailed) =>
    `${source} could not be ${step === 'load' ? 'read' : 'written'}${because(cause)}.`,
  CheckpointInvalid: ({ message }: Error) => message.replace('or pass another place', 'or name another file'),
  CheckpointLocked: ({ message }: Error) =>
    message.replace('give each process a checkpoint of its own', 'give each process its own file'),
  StoreFailed: ({ step, cause }: StoreFailed) =>
    `The database of --outbox could not be ${step === 'open' ? 'opened' : step === 'read' ? 'read' : 'written'}${because(cause)}.`,
  StoreLocked: () => 'Another process uses the folder of --outbox; give each process its own folder.',
  KeyReused: ({ key }: { readonly key: string }) =>
    `The key "${key}" is in the outbox with another payload, so this line was not stored.`,
}

/** What was at the bottom of it. */
const because = (cause: unknown): string => {
  if (!(cause instanceof Error)) return ''
  return cause.cause instanceof Error ? because(cause.cause) : `: ${cause.message.replace(/\.$/, '')}`
}

const refusal = (status: number, retryAfterMs: number | undefined): string => {
  switch (status) {
    case 401:
    case 403:
      return ': check --params, --token-env and --header origin=…; run rx-phoenix doctor to find out which one it is'
    case 404:
      return ': no socket is mounted at this path; pass the mount point, such as wss://host/socket'
    case 429:
      return `: too many attempts${retryAfterMs === undefined ? '' : `, try again in ${seconds(retryAfterMs)}`}`
    default:
      return status >= 500
        ? ': its connect callback raised, or it is starting'
        : '; run rx-phoenix doctor to find out why'
  }
}

/** What the command line calls an option of the library. */
const flags: Readonly<Record<string, string>> = {
  url: 'The URL',
  params: '--params',
  authToken: '--token-env',
  topic: 'The topic',
  event: 'The event',
  'webSocketTransport.headers': '--header',
  'longPollTransport.headers': '--header',
}

const flagOf = (option: string): string => flags[option] ?? `"${option}"`

/** The message of an `InvalidArgument` begins with the name of the option. */
const withFlag = (error: Error): string => {
  const { argument } = error as { readonly argument?: unknown }
  return typeof argument === 'string' && error.message.startsWith(argument)
    ? `${flagOf(argument)}${error.message.slice(argument.length)}`
    : error.message
}

/** A time as the flags have it. */
const seconds = (ms: number): string => `${ms / 1000} s`
