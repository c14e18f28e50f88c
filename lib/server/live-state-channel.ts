import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type ChannelDefinition, type ServerChannel } from './channel-definition.ts'
import { jsonDiff, type PatchOperation } from './json-diff.ts'
import { dialects, type LiveStateEvent } from './live-state-dialect.ts'
import { error, type HandlerResult, ok, type ReplyResult } from './result.ts'

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

/** How states become payloads. */
export interface MessageBuilder<S> {
  /** The payload of the event that carries the whole state. */
  newState(state: S, version: number): unknown
  /** The payload of the event that carries a patch. */
  updateState(operations: readonly PatchOperation[], version: number): unknown
}

/** A channel that owns a state and keeps a copy of it at the client, as `Seance.Channel` and `LiveState.Channel` do. */
export interface LiveStateDefinition<S> {
  readonly dialect: 'seance' | 'live-state'
  /** Refuses the join with `error(reason)`. Default: everybody may join. */
  authorize?(params: unknown, channel: ServerChannel, topic: string): MaybePromise<HandlerResult>
  /** Gives the first state as `ok(state)`. With `error(reason)` the client stays joined and gets an error event. */
  init(params: unknown, channel: ServerChannel, topic: string): MaybePromise<ReplyResult<S>>
  /** Handles an event of the client; `name` is without its prefix. Default: any event crashes the channel. */
  handleEvent?(name: string, payload: unknown, state: S, channel: ServerChannel): MaybePromise<NextState<S>>
  /** Handles what `server.publish` and `channel.send` give. Default: ignores it. */
  handleMessage?(message: unknown, state: S, channel: ServerChannel): MaybePromise<NextState<S>>
  /** The name of the state in `channel.assigns`. Default `state`. */
  readonly stateKey?: string
  /** The name of the version in `channel.assigns`. Default `version`. */
  readonly stateVersionKey?: string
  /** After this version comes 0 again. Default 1,000. */
  readonly maxVersion?: number
  /** Turns the state into what the client may see, for instance without some keys. Default: as it is. */
  encode?(state: S): unknown
  readonly messageBuilder?: Partial<MessageBuilder<S>>
}

const INIT = Symbol('init')

interface Init {
  readonly tag: typeof INIT
  readonly params: unknown
}

/** A channel that owns a state for each client and sends it whole at first, then as patches. Throws `InvalidArgument`. */
export const liveStateChannel = <S>(definition: LiveStateDefinition<S>): ChannelDefinition => {
  const {
    stateKey = 'state',
    stateVersionKey = 'version',
    maxVersion = 1_000,
    messageBuilder = {},
  } = definition
  const dialect = dialects[definition.dialect]
  if (!Number.isInteger(maxVersion) || maxVersion < 1)
    throw new InvalidArgument('maxVersion', maxVersion, 'pass a whole number above 0.')
  /** What each client has seen last. Plain JSON, so that a handler that changes its state in place is no trap. */
  const seen: WeakMap<ServerChannel, unknown> = new WeakMap()

  const encoded = (state: S): unknown => {
    const json = JSON.stringify(definition.encode ? definition.encode(state) : state) as string | undefined
    if (json === undefined) throw new TypeError('a state must have a JSON form.')
    return JSON.parse(json) as unknown
  }

  const pushWhole = (channel: ServerChannel, state: S, version: number): void => {
    const payload = encoded(state)
    seen.set(channel, payload)
    channel.push(
      dialect.changeEvent,
      messageBuilder.newState?.(state, version) ?? { state: payload, version },
    )
  }

  const start = async (params: unknown, channel: ServerChannel): Promise<void> => {
    const result: unknown = await definition.init(params, channel, channel.topic)
    if (!isReply(result)) throw new TypeError('init must return ok(state) or error(reason).')
    if (result.status === 'ok') {
      channel.assigns[stateKey] = result.response
      channel.assigns[stateVersionKey] = 0
      pushWhole(channel, result.response as S, 0)
      return
    }
    const reason = result.response
    channel.push(dialect.errorEvent, typeof reason === 'string' ? { message: reason } : reason)
  }

  const stateOf = (channel: ServerChannel): S => {
    if (!Object.hasOwn(channel.assigns, stateKey))
      throw new Error(`"${channel.topic}" has no state, for its init failed.`)
    return channel.assigns[stateKey] as S
  }

  const advance = (channel: ServerChannel, result: unknown): void => {
    if (!isNextState<S>(result))
      throw new TypeError('a handler of a live state must return next(state, ...events).')
    const before = channel.assigns[stateVersionKey] as number
    const version = before >= maxVersion ? 0 : before + 1
    channel.assigns[stateKey] = result.state
    channel.assigns[stateVersionKey] = version
    for (const event of result.events) channel.push(...dialect.custom(event))
    const now = encoded(result.state)
    const operations = jsonDiff(seen.get(channel), now, dialect.newItems)
    seen.set(channel, now)
    channel.push(
      dialect.patchEvent,
      messageBuilder.updateState?.(operations, version) ?? dialect.patch(operations, version),
    )
  }

  return {
    join: async (params, channel, topic): Promise<HandlerResult> => {
      const verdict = await definition.authorize?.(params, channel, topic)
      if (verdict !== undefined && (verdict._tag !== 'Reply' || verdict.status !== 'ok'))
        return verdict._tag === 'Reply' ? error(verdict.response) : verdict
      channel.send({ tag: INIT, params } satisfies Init)
      return ok()
    },
    handleIn: async (event, payload, channel): Promise<void> => {
      if (event === dialect.refreshEvent) {
        pushWhole(channel, stateOf(channel), channel.assigns[stateVersionKey] as number)
        return
      }
      if (!event.startsWith(dialect.eventPrefix) || !definition.handleEvent)
        throw new Error(`"${channel.topic}" has no handler for the push "${event}".`)
      const name = event.slice(dialect.eventPrefix.length)
      advance(channel, await definition.handleEvent(name, payload, stateOf(channel), channel))
    },
    handleInfo: async (message, channel): Promise<void> => {
      if (isInit(message)) await start(message.params, channel)
      else if (definition.handleMessage)
        advance(channel, await definition.handleMessage(message, stateOf(channel), channel))
    },
  }
}

const tagOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && '_tag' in value ? value._tag : undefined
const isReply = (value: unknown): value is ReplyResult => tagOf(value) === 'Reply'
const isNextState = <S>(value: unknown): value is NextState<S> => tagOf(value) === 'NextState'
const isInit = (value: unknown): value is Init =>
  typeof value === 'object' && value !== null && 'tag' in value && value.tag === INIT
