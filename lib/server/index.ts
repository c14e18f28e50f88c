export { phoenixServer, type PhoenixServer } from './phoenix-server.ts'
export { type ServerOptions } from './server-options.ts'
export { type ServerConnection } from './server-connection.ts'
export {
  accept,
  type Accepted,
  type ConnectResult,
  type LongPollOptions,
  refuse,
  type Refused,
  type SocketDefinition,
  type WebSocketOptions,
} from './socket-definition.ts'
export { type Assigns, type ConnectInfo, type ServerSocket, type TransportName } from './server-socket.ts'
export {
  channel,
  type ChannelDefinition,
  type Endpoint,
  type PushHandler,
  type PushHandlers,
  type PushRequest,
  type ServerChannel,
  type TerminateReason,
} from './channel-definition.ts'
export { type ServerContract } from './contract.ts'
export {
  error,
  type HandlerResult,
  ok,
  type OkReply,
  type OtherReply,
  reply,
  type ReplyResult,
  stop,
  type StopReason,
  type StopResult,
} from './result.ts'
export { type QueryParams, type QueryValue } from './query-params.ts'
export { type ServerTrace, type Trace } from './trace.ts'
export {
  presence,
  type Presence,
  type PresenceEntry,
  type PresenceMeta,
  type PresenceOptions,
  type PresenceResult,
  type Presences,
} from './presence.ts'
export { liveStateChannel } from './live-state-channel.ts'
export {
  type LiveStateDefinition,
  type MessageBuilder,
  next,
  type NextState,
} from './live-state-definition.ts'
export { type LiveStateEvent, type LiveStateMessage } from './live-state-dialect.ts'
export { type Cursor, type EventLog, type LogEntry, type MemoryLog, memoryLog } from './event-log.ts'
export { resumable } from './resumable.ts'
export { type AnswerStore, type KeptAnswer, memoryAnswers } from './answer-store.ts'
export { onceByKey, type OnceByKeyOptions } from './once-by-key.ts'
export { type Faults, type FrameFault, type FrameInTransit, type LeaveFault } from './faults.ts'
export { type RandomFaultOptions, randomFaults } from './random-faults.ts'
