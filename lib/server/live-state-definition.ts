import { type ServerChannel } from './channel-definition.ts'
import { type LiveStateEvent, type LiveStateMessage } from './live-state-dialect.ts'
import { type HandlerResult, type ReplyResult } from './result.ts'

type MaybePromise<T> = T | PromiseLike<T>

/** The next state, and events that go to the client before its patch. */
export interface NextState<S> {
  readonly _tag: 'NextState'
  readonly state: S
  readonly events: readonly LiveStateEvent[]
}

/** What `handleEvent` and `handleMessage` return: the next state, with events for this client or none. */
export const next = <S>(state: S, ...events: readonly LiveStateEvent[]): NextState<S> => ({
  _tag: 'NextState',
  state,
  events,
})

/**
 * How states become messages, as a message builder of Seance or LiveState does it: each function returns the event and its
 * payload. What is left out is done as by default: the whole state, and a patch.
 */
export interface MessageBuilder<S, O = unknown> {
  /** Given to the functions as their last argument. */
  readonly options?: O
  /** The message that carries the first state. */
  newState?(state: S, version: number, options: O): LiveStateMessage
  /** The message that leads from one state to the next, which may be a whole state. */
  updateState?(oldState: S, newState: S, version: number, options: O): LiveStateMessage
}

/** A channel that owns a state and keeps a copy of it at the client, as `Seance.Channel` and `LiveState.Channel` do. */
export interface LiveStateDefinition<S> {
  readonly dialect: 'seance' | 'live-state'
  /** Refuses the join with `error(reason)`. Default: everybody may join. */
  authorize?(params: unknown, channel: ServerChannel, topic: string): MaybePromise<HandlerResult>
  /**
   * Gives the first state as `ok(state)`. With `error(reason)` the client stays joined and gets an error event; handlers
   * then run with a state of null, until one of them returns a state. A reason that is neither text nor a map crashes.
   */
  init(params: unknown, channel: ServerChannel, topic: string): MaybePromise<ReplyResult<S>>
  /** Handles an event of the client; `name` is without its prefix. Default: the state does not change. */
  handleEvent?(name: string, payload: unknown, state: S, channel: ServerChannel): MaybePromise<NextState<S>>
  /** Handles the messages of `server.publish` and `channel.send`. Default: the state does not change. */
  handleMessage?(message: unknown, state: S, channel: ServerChannel): MaybePromise<NextState<S>>
  /** The name of the state in `channel.assigns`. Default `state`. */
  readonly stateKey?: string
  /** The name of the version in `channel.assigns`. Default `version`. */
  readonly stateVersionKey?: string
  /** After this version comes 0 again. Default 1,000. */
  readonly maxVersion?: number
  /** Turns the state into what the client may see, for instance without some keys. Default: no change. */
  encode?(state: S): unknown
  /** Its options may be of any type: annotate the parameter of its functions with it. */
  readonly messageBuilder?: MessageBuilder<S>
}
