export { AwaitTimeout } from './awaiting/await-timeout.ts'
export { type AwaitOptions } from './awaiting/awaited.ts'
export { BufferOverflow } from './awaiting/buffer-overflow.ts'
export { eachValue, type EachValueOptions } from './awaiting/each-value.ts'
export { nextMessage } from './awaiting/next-message.ts'
export { whenJoined } from './awaiting/when-joined.ts'
export { whenOpen } from './awaiting/when-open.ts'
export { type Channel, type PushOptions, type SendOptions } from './channel/channel.ts'
export { type ChannelOptions, type JoinContext } from './channel/channel-options.ts'
export { type ChannelState } from './channel/channel-state.ts'
export {
  type AnyContract,
  type ChannelContract,
  type EventName,
  type EventPayload,
  type JoinParams,
  type JoinReply,
  type PushName,
  type PushPayload,
  type PushReply,
} from './channel/contract.ts'
export { type RetainedPair } from './channel/folds.ts'
export { type DecodeOptions, type Decoder, type StandardSchema } from './channel/decode-with.ts'
export { toEither } from './channel/to-either.ts'
export { isLeft, isRight, left, match, right } from 'fp-ts/Either'
export {
  type AnyTopics,
  type ContractAt,
  type TopicContracts,
  type TopicOf,
  type UntypedTopic,
} from './channel/contract.ts'
export { type BrowserPage, type PageEvents } from './page/browser-page.ts'
export { browserPause, type BrowserPauseOptions } from './page/browser-pause.ts'
export { browserWake, type BrowserWakeOptions } from './page/browser-wake.ts'
export { consoleTrace, type ConsoleTraceOptions, type TraceSink } from './inside/console-trace.ts'
export { type Metrics, type Outcomes, type Traffic } from './inside/counters.ts'
export { type TraceLevel } from './inside/describe-event.ts'
export { hideKeys } from './inside/hide-keys.ts'
export { inspect } from './inside/inspect.ts'
export { type Latencies } from './inside/latency-histogram.ts'
export { metrics, type MetricsOptions } from './inside/metrics.ts'
export { type Tracer, traceTo } from './inside/trace-to.ts'
export { type PhoenixSocket, phoenixSocket } from './phoenix-socket.ts'
export { type Presences, presence, type PresenceOptions } from './presence/presence.ts'
export {
  decodePresenceDiff,
  decodePresenceState,
  type Presence,
  type PresenceChange,
  type PresenceDiff,
  type PresenceEntries,
  type PresenceMeta,
  type PresenceState,
} from './presence/presence-state.ts'
export { syncDiff } from './presence/sync-diff.ts'
export { syncState } from './presence/sync-state.ts'
export {
  AlreadyJoined,
  ChannelCrashed,
  type ChannelError,
  JoinRefused,
  JoinTimeout,
  TooManyChannels,
} from './protocol/channel-error.ts'
export {
  ConnectionClosed,
  type ConnectionError,
  ConnectionFailed,
  ConnectionRefused,
  ConnectTimeout,
  HeartbeatTimeout,
  InputFailed,
  Unauthorized,
} from './protocol/connection-error.ts'
export { DecodeFailed } from './protocol/decode-failed.ts'
export { type ParamObject, type Params, type ParamValue } from './protocol/endpoint-url.ts'
export { InvalidArgument } from './protocol/invalid-argument.ts'
export { serializerV1 } from './protocol/json-v1.ts'
export { serializerV2 } from './protocol/json-v2.ts'
export { type Frame, type Message } from './protocol/message.ts'
export { type PayloadIssue } from './protocol/payload-issues.ts'
export {
  ChannelClosed,
  ConnectionLost,
  InvalidPayload,
  type PushError,
  PushRefused,
  PushTimeout,
} from './protocol/push-error.ts'
export { type DecodeError, type EncodeError, type Serializer } from './protocol/serializer.ts'
export { type SocketError } from './protocol/socket-error.ts'
export { type Connection, type ConnectionState } from './connection/connection-state.ts'
export { type Dynamic } from './connection/dynamic.ts'
export { phoenixJsPolicies } from './connection/retry-policy.ts'
export {
  defaultReconnect,
  defaultRejoin,
  exponentialBackoff,
  fullJitter,
  heedRetryAfter,
  type RetryPolicy,
  steppedBackoff,
  type StopPolicy,
  stopAfter,
  stopOn,
} from './connection/retry-policy.ts'
export {
  type ChannelSnapshot,
  type ConnectionSnapshot,
  type PushSnapshot,
  type SocketSnapshot,
  type StateSnapshot,
} from './inside/snapshot.ts'
export { singleFlight, type SingleFlightOptions } from './connection/single-flight.ts'
export { type SocketOptions } from './connection/socket-options.ts'
export { stopAfterRefusals } from './connection/stop-after-refusals.ts'
export { type DropReason, type TraceListener, type WorkOutcome } from './connection/trace.ts'
export { type ChannelTrace, type TraceEvent } from './inside/trace-event.ts'
export {
  type FallbackOptions,
  type FallbackStorage,
  type RememberFallback,
} from './transport/fallback/fallback-options.ts'
export { withFallback } from './transport/fallback/with-fallback.ts'
export { longPollTransport } from './transport/long-poll/long-poll.ts'
export { type LongPollOptions } from './transport/long-poll/long-poll-options.ts'
export { type WebSocketConstructor, type WebSocketOptions } from './transport/platform.ts'
export { type ProbeOptions, type ProbeResponse } from './transport/probe-options.ts'
export { probeRefusal } from './transport/probe-refusal.ts'
export { type Link, type LinkEvent, type Transport, type TransportTarget } from './transport/transport.ts'
export { webSocketTransport } from './transport/web-socket.ts'
