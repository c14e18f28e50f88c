export { type ChannelResource, channelResource } from './channel-resource.ts'
export {
  type ChannelResourceOptions,
  type ResourceTopic,
  type TypedResourceOptions,
} from './channel-resource-options.ts'
export { channelToken } from './channel-token.ts'
export { injectChannel, type InjectChannelOptions, type TypedChannelOptions } from './inject-channel.ts'
export { type ConnectionSignal, injectConnection, type ShownConnection } from './inject-connection.ts'
export { injectPhoenixSocket } from './inject-phoenix-socket.ts'
export { type LiveDispatch } from './live-dispatch.ts'
export {
  type LiveStateResource,
  liveStateResource,
  type LiveStateResourceOptions,
} from './live-state-resource.ts'
export { PHOENIX_SOCKET } from './phoenix-socket-token.ts'
export { presenceResource, type PresenceResourceOptions } from './presence-resource.ts'
export { providePhoenixSocket } from './provide-phoenix-socket.ts'
export { PhoenixTestingController, providePhoenixTesting } from './provide-phoenix-testing.ts'
export { type PushSignal, pushSignal, type PushState } from './push-signal.ts'
