export { actionsOf, type ActionsOfOptions, type EventActions } from './actions-of.ts'
export { type ChannelMethods, type ChannelProps } from './channel-feature.ts'
export { type ChannelReducers, type StateChange } from './channel-reducers.ts'
export { type ErrorFacts, errorFacts } from './error-facts.ts'
export { type ChannelFeature, withChannel } from './with-channel.ts'
export {
  type StoreOf,
  type TypedWithChannelOptions,
  type WithChannelOptions,
} from './with-channel-options.ts'
export { type ConnectionFeature, withConnection } from './with-connection.ts'
export { type LiveStateFeature, withLiveState } from './with-live-state.ts'
export { withPresence } from './with-presence.ts'
export { type OutboxFeature, withOutbox } from './with-outbox.ts'
