export const TOPICS = ['room:a', 'room:b'] as const
export type Topic = (typeof TOPICS)[number]

/** The options of a handle: no join params, plain ones, or a stream of them. */
export type Options = 'none' | 'plain' | 'stream'

/** Inputs of the socket that a user changes as a function or as a stream. Its token is a stream always. */
export const INPUT_NAMES = ['url', 'params'] as const
export type InputName = (typeof INPUT_NAMES)[number]
export type InputKind = 'function' | 'stream'

/**
 * Times have fractions of their own, exact in binary, so that two timers fall due at the same moment only if they were
 * set at the same moment for the same time: then their order is a rule, and else it is not.
 */
const withFraction = (ms: number, fraction: number): number => ms + fraction / 2 ** 20

interface Times {
  readonly connect: number
  readonly push: number
  readonly heartbeat: number
  readonly linger: number
  /** Until an input speaks that takes its time: of each, since two of them may. */
  readonly input: Readonly<Record<InputName, number>>
  /** By topic, since the joins of two topics run at the same time. */
  readonly join: Readonly<Record<Topic, number>>
}

export const TIMES: Times = {
  connect: withFraction(4_000, 1_048_573),
  push: withFraction(5_000, 262_139),
  heartbeat: withFraction(9_000, 131_071),
  linger: withFraction(2_500, 65_521),
  input: { url: withFraction(1_300, 127), params: withFraction(2_200, 61) },
  join: { 'room:a': withFraction(3_000, 524_287), 'room:b': withFraction(3_300, 262_127) },
}

const RECONNECT: readonly number[] = [withFraction(700, 32_749), withFraction(1_700, 16_381)]
const REJOIN: Readonly<Record<Topic, readonly number[]>> = {
  'room:a': [withFraction(900, 8_191), withFraction(1_900, 4_093)],
  'room:b': [withFraction(950, 509), withFraction(1_950, 251)],
}

/** What differs from one sequence to another. */
export interface Setup {
  readonly vsn: '1.0.0' | '2.0.0'
  readonly lingers: boolean
  readonly beats: boolean
  readonly inputs: Readonly<Record<InputName, InputKind>>
  readonly joinsInFlight: number
  /** Whether the policies ever say `stop`: at the third failure, and for a join that is refused. */
  readonly givesUp: boolean
}

/** The policy of reconnects (S9), the same for the client and for the model. */
export const reconnectAfter = ({ givesUp }: Setup, attempt: number): number | 'stop' =>
  givesUp && attempt > 2 ? 'stop' : (RECONNECT[attempt - 1] ?? withFraction(2_900, 2_039))

/** The policy of rejoins (S8), the same for the client and for the model. */
export const rejoinAfter = (
  { givesUp }: Setup,
  topic: Topic,
  cause: string,
  attempt: number,
): number | 'stop' =>
  givesUp && cause === 'JoinRefused' ? 'stop' : (REJOIN[topic][attempt - 1] ?? withFraction(3_100, 1_021))
