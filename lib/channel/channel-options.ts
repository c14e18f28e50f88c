import { type Observable } from 'rxjs'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { type Message } from '../protocol/message.ts'
import { callable, duration, durationOrNone, given, optionsIn } from '../connection/checks.ts'
import { type Input, toInput } from '../connection/dynamic.ts'
import { type RetryPolicy } from '../connection/retry-policy.ts'
import { partsOf, sameValue } from '../connection/same-value.ts'
import { type SocketSettings } from '../connection/socket-options.ts'
import { type AnyContract, type JoinParams } from './contract.ts'
import { defaultRetain, type RetainedPair } from './folds.ts'

/** The argument of a function for join params. */
export interface JoinContext {
  /** 0 at the first attempt; the number of failures so far after that. */
  readonly attempt: number
  /** The last message of the server before this join, so that a client can ask to resume after it. */
  readonly lastMessage?: Message
}

/** Options of `socket.channel`. An omitted option has the socket's value, or the value with which the topic is already joined. */
export interface ChannelOptions<C = AnyContract> {
  /** The payload of the join: a value, a function evaluated at each (re)join, or a stream whose new values rejoin. */
  readonly params?:
    | JoinParams<C>
    | Observable<JoinParams<C>>
    | ((join: JoinContext) => JoinParams<C> | PromiseLike<JoinParams<C>> | Observable<JoinParams<C>>)
  /** Milliseconds from sending a join to its reply. */
  readonly joinTimeoutMs?: number
  /** Milliseconds from subscribing to a push to its reply. */
  readonly pushTimeoutMs?: number
  readonly rejoin?: RetryPolicy
  /** Milliseconds to stay joined after the last unsubscribe. */
  readonly lingerMs?: number
  /**
   * When a connection opens, channels with a higher priority join first; equal priorities keep the order of subscription. Any
   * number, including negative ones. Default: 0.
   */
  readonly priority?: number
  /**
   * Events by which the server keeps clients up to date, in pairs. Of each pair the last snapshot and at most 1,000 changes
   * since are kept, for a `presence` or `liveState` that is called long after the join. Default: the pairs of
   * Phoenix.Presence, LiveState and Seance.
   */
  readonly retain?: readonly RetainedPair[]
}

/** The options that one join runs with: those of the channel, and the socket's in place of those that it has not. */
export interface ChannelSettings extends Required<ChannelOptions> {
  /** The params, ready to be evaluated. */
  readonly input: Input<unknown, JoinContext>
  /** The names in `retain`, for the look-up at every message: half the time of a walk through the pairs. */
  readonly retained: readonly string[]
}

const NAMES = [
  'params',
  'joinTimeoutMs',
  'pushTimeoutMs',
  'rejoin',
  'lingerMs',
  'priority',
  'retain',
] as const satisfies readonly (keyof ChannelOptions)[]

/**
 * Checks the options of a channel. Throws `InvalidArgument`, also for an unknown name, since other clients take the join
 * params as this argument.
 */
export const checkOptions = (options: ChannelOptions): void => {
  if (!DEV) return
  const unknown = Object.keys(optionsIn('options', options)).find(
    (name) => !NAMES.some((known) => known === name),
  )
  checked(
    unknown === undefined,
    'options',
    unknown,
    `no option of a channel has this name; options are ${NAMES.join(', ')}. Params of the join go into { params: { … } }.`,
  )
  if (options.joinTimeoutMs !== undefined) duration('joinTimeoutMs', options.joinTimeoutMs)
  if (options.pushTimeoutMs !== undefined) duration('pushTimeoutMs', options.pushTimeoutMs)
  if (options.lingerMs !== undefined) durationOrNone('lingerMs', options.lingerMs)
  if (options.rejoin !== undefined) callable('rejoin', options.rejoin)
  const { priority = 0, retain = [] } = options
  checked(Number.isFinite(priority), 'priority', priority, 'pass a number.')
  checked(
    Array.isArray(retain) && retain.every(isPair),
    'retain',
    retain,
    'pass a list of { snapshot, delta }, with the names of events.',
  )
}

const isPair = (pair: Partial<RetainedPair> | null | undefined): boolean =>
  typeof pair?.snapshot === 'string' && typeof pair.delta === 'string'

/** Prepares options; those of channels that have none of their own are one and the same for all. */
export const preparer = (socket: SocketSettings): ((options: ChannelOptions) => ChannelSettings) => {
  const { joinTimeoutMs, pushTimeoutMs, rejoin, lingerMs } = socket
  const prepare = (options: ChannelOptions): ChannelSettings => {
    const all = {
      params: {},
      joinTimeoutMs,
      pushTimeoutMs,
      rejoin,
      lingerMs,
      priority: 0,
      retain: defaultRetain,
      ...given(options),
    }
    return {
      ...all,
      input: toInput<unknown, JoinContext>('params', all.params),
      retained: all.retain.flatMap(({ snapshot, delta }) => [snapshot, delta]),
    }
  }
  const plain = prepare({})
  return (options) => (Object.keys(options).length === 0 ? plain : prepare(options))
}

/** The first option that is given and differs from the one in force. */
export const differingOption = (
  options: ChannelOptions,
  inForce: Required<ChannelOptions>,
): string | undefined =>
  (Object.keys(inForce) as (keyof ChannelOptions)[]).find(
    (option) => options[option] !== undefined && !sameValue(options[option], inForce[option]),
  )

let warned = false

/**
 * In development builds, once: two functions with the same source text count as the same option, so that of the first
 * subscriber is called for both. If the second captures other values, nothing else would show it.
 */
export const warnOfSameText = (topic: string, given: ChannelOptions, inForce: ChannelOptions): void => {
  if (!DEV || warned) return
  for (const option of ['params', 'rejoin'] as const) {
    const [a, b]: unknown[] = [given[option], inForce[option]]
    if (typeof a !== 'function' || a === b || partsOf(a)) continue
    warned = true
    console.warn(
      `rx-phoenix: subscribers of "${topic}" pass different functions with the same source text as "${option}". ` +
        'They share the join, and the function of the first subscriber is called. ' +
        'This is fine unless the functions capture different values; then share one function.',
    )
    return
  }
}
