import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type ChannelDefinition, type ServerChannel } from './channel-definition.ts'
import { type LiveStateDefinition, next, type NextState } from './live-state-definition.ts'
import { dialects, type LiveStateMessage } from './live-state-dialect.ts'
import { error, type HandlerResult, ok, type ReplyResult } from './result.ts'

const INIT = Symbol('init')

interface Init {
  readonly tag: typeof INIT
  readonly params: unknown
}

/**
 * A channel that owns a state for each client and sends it whole at first, then as patches. Each event and each message
 * gives one patch, an empty one if nothing changed, and the version rises. Throws `InvalidArgument`.
 */
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
  /** What each client has seen last. Plain JSON, so that a handler may change its state in place. */
  const seen: WeakMap<ServerChannel, unknown> = new WeakMap()

  const encoded = (state: S): unknown => {
    // Without a state, after an init that failed, there is nothing that the user's function could encode.
    const shown = definition.encode && state !== null ? definition.encode(state) : state
    const json = JSON.stringify(shown) as string | undefined
    if (json === undefined) throw new TypeError('a state must have a JSON form.')
    return JSON.parse(json) as unknown
  }

  const push = (channel: ServerChannel, { event, payload }: LiveStateMessage): void => {
    channel.push(event, payload)
  }

  const whole = (state: S, version: number): LiveStateMessage =>
    messageBuilder.newState?.(state, version, messageBuilder.options) ?? {
      event: dialect.changeEvent,
      payload: { state: encoded(state), version },
    }

  const start = async (params: unknown, channel: ServerChannel): Promise<void> => {
    const result: unknown = await definition.init(params, channel, channel.topic)
    if (!isReply(result)) throw new TypeError('init must return ok(state) or error(reason).')
    const { status, response } = result
    if (status !== 'ok') {
      channel.push(dialect.errorEvent, typeof response === 'string' ? { message: response } : response)
      return
    }
    if (!dialect.isState(response)) throw new TypeError('init must return a state that is a map.')
    push(channel, whole(response as S, 0))
    seen.set(channel, encoded(response as S))
    channel.assigns[stateKey] = response
    channel.assigns[stateVersionKey] = 0
  }

  /** Null after an init that failed. */
  const stateOf = ({ assigns }: ServerChannel): S => (assigns[stateKey] ?? null) as S

  /** Without a version, after an init that failed, the first one is 0. */
  const nextVersion = ({ assigns }: ServerChannel): number => {
    const version = assigns[stateVersionKey]
    return typeof version === 'number' && version < maxVersion ? version + 1 : 0
  }

  const update = (channel: ServerChannel, from: S, to: S, version: number): LiveStateMessage => {
    const before = seen.get(channel) ?? null
    const now = encoded(to)
    seen.set(channel, now)
    return (
      messageBuilder.updateState?.(from, to, version, messageBuilder.options) ??
      dialect.patch(dialect.diff(before, now), version)
    )
  }

  const advance = (channel: ServerChannel, result: unknown): void => {
    if (!isNextState<S>(result))
      throw new TypeError('a handler of a live state must return next(state, ...events).')
    for (const event of result.events) push(channel, dialect.custom(event))
    const version = nextVersion(channel)
    push(channel, update(channel, stateOf(channel), result.state, version))
    channel.assigns[stateKey] = result.state
    channel.assigns[stateVersionKey] = version
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
      const state = stateOf(channel)
      if (event === dialect.refreshEvent) {
        const version = channel.assigns[stateVersionKey] ?? null
        const now = encoded(state)
        seen.set(channel, now)
        channel.push(dialect.changeEvent, { [stateKey]: now, [stateVersionKey]: version })
        return
      }
      if (!event.startsWith(dialect.eventPrefix))
        throw new Error(`"${channel.topic}" has no handler for the push "${event}".`)
      const name = event.slice(dialect.eventPrefix.length)
      const result = definition.handleEvent
        ? await definition.handleEvent(name, payload, state, channel)
        : next(state)
      advance(channel, result)
    },
    handleInfo: async (message, channel): Promise<void> => {
      if (isInit(message)) {
        await start(message.params, channel)
        return
      }
      const state = stateOf(channel)
      const result = definition.handleMessage
        ? await definition.handleMessage(message, state, channel)
        : next(state)
      advance(channel, result)
    },
  }
}

const tagOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && '_tag' in value ? value._tag : undefined
const isReply = (value: unknown): value is ReplyResult => tagOf(value) === 'Reply'
const isNextState = <S>(value: unknown): value is NextState<S> => tagOf(value) === 'NextState'
const isInit = (value: unknown): value is Init =>
  typeof value === 'object' && value !== null && 'tag' in value && value.tag === INIT
