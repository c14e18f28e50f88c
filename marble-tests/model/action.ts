import fc from 'fast-check'
import {
  INPUT_NAMES,
  type InputKind,
  type InputName,
  type Options,
  type Setup,
  type Topic,
  TOPICS,
} from './setup.ts'
import { type InputMode, type LossCause } from './stimulus.ts'

/** What may come next, before it is known what there is to do it to: `pick` chooses among what is there. */
export type Action = UserAction | NetworkAction | ServerAction | Reflex

export type UserAction =
  | { readonly type: 'watch socket' }
  | { readonly type: 'wake' }
  | { readonly type: 'token' }
  | { readonly type: 'join params'; readonly topic: Topic }
  | { readonly type: 'watch' | 'listen' | 'send'; readonly topic: Topic; readonly options: Options }
  | { readonly type: 'push'; readonly topic: Topic; readonly options: Options; readonly retries: number }
  | { readonly type: 'unsubscribe'; readonly pick: number }
  | { readonly type: 'unsubscribe all' }
  | { readonly type: 'pause'; readonly on: boolean }
  | { readonly type: 'input'; readonly of: InputName }
  | { readonly type: 'input breaks'; readonly of: InputName }
  | { readonly type: 'input mode'; readonly of: InputName; readonly mode: InputMode }

/** What a user does while being told something: at the next thing that anybody is told, or so many later. */
export interface Reflex {
  readonly type: 'reflex'
  readonly after: number
  readonly then: UserAction | 'throw'
}

type NetworkAction =
  | { readonly type: 'time'; readonly ms: number }
  | { readonly type: 'accept' }
  | { readonly type: 'cut'; readonly cause: LossCause }
  /** The server is well: it lets the client in and answers all there is to answer. */
  | { readonly type: 'settle' }

/** What needs an open link. */
export type ServerAction =
  /** A reply to a message that waits for one, or (`late`) to any that was ever sent. */
  | { readonly type: 'answer'; readonly pick: number; readonly late: boolean; readonly status: AnswerStatus }
  /** A message of a join that holds, or (`late`) of any that was ever made. */
  | { readonly type: 'crash' | 'close' | 'say'; readonly pick: number; readonly late: boolean }
  | { readonly type: 'broadcast'; readonly topic: Topic }
  | { readonly type: 'garbage' }

export type AnswerStatus = 'ok' | 'error' | 'odd' | 'unmatched'

const of = <T extends string>(type: T, ...more: T[]): fc.Arbitrary<{ readonly type: T }> =>
  fc.constantFrom(...[type, ...more].map((each) => ({ type: each })))
const topic = fc.constantFrom(...TOPICS)
const options = fc.constantFrom<Options>('none', 'none', 'none', 'plain', 'stream')
const pick = fc.nat(11)
const late = fc.constantFrom(false, false, false, true)
const input = fc.constantFrom(...INPUT_NAMES)
const mode = fc.constantFrom<InputMode>('ready', 'ready', 'slow', 'failing', 'silent')
const ms = fc.constantFrom(1, 500, 1_000, 2_000, 3_000, 6_000, 20_000)
const cause = fc.constantFrom<LossCause>('ConnectionRefused', 'ConnectionFailed', 'ConnectionClosed')
const status = fc.constantFrom<AnswerStatus>('ok', 'ok', 'ok', 'error', 'odd', 'unmatched')

const userActions: readonly fc.WeightedArbitrary<UserAction>[] = [
  { weight: 3, arbitrary: of('watch socket') },
  { weight: 10, arbitrary: fc.record({ type: fc.constantFrom('watch', 'listen', 'send'), topic, options }) },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('push'),
      topic,
      options,
      retries: fc.constantFrom(0, 0, 0, 1, 2),
    }),
  },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('unsubscribe'), pick }) },
  { weight: 1, arbitrary: of('unsubscribe all') },
  { weight: 4, arbitrary: of('wake', 'token') },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('join params'), topic }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('pause'), on: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('input'), of: input }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('input mode'), of: input, mode }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('input breaks'), of: input }) },
]

const otherActions: readonly fc.WeightedArbitrary<NetworkAction | ServerAction>[] = [
  { weight: 12, arbitrary: fc.record({ type: fc.constant('time'), ms }) },
  { weight: 10, arbitrary: of('settle') },
  { weight: 8, arbitrary: of('accept') },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('cut'), cause }) },
  { weight: 14, arbitrary: fc.record({ type: fc.constant('answer'), pick, late, status }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constantFrom('crash', 'close', 'say', 'say'), pick, late }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('broadcast'), topic }) },
  { weight: 1, arbitrary: of('garbage') },
]

const reflex: fc.WeightedArbitrary<Reflex> = {
  weight: 16,
  arbitrary: fc.record({
    type: fc.constant('reflex'),
    after: fc.nat(3),
    then: fc.oneof(
      ...userActions,
      // Going at what one is told, as `take(1)` does, is what users do most.
      { weight: 20, arbitrary: fc.record({ type: fc.constant('unsubscribe'), pick: fc.nat(2) }) },
      { weight: 3, arbitrary: fc.constant('throw') },
    ),
  }),
}

const listOf = <A>(...arbitraries: readonly fc.WeightedArbitrary<A>[]): fc.Arbitrary<A[]> =>
  fc.array(fc.oneof(...arbitraries), { maxLength: 60, size: 'max' })

/** What users, the server and the network do, one after the other. */
export const actions: fc.Arbitrary<Action[]> = listOf<Action>(...userActions, ...otherActions)
/** The same, and what users do while they are told something. */
export const entangled: fc.Arbitrary<Action[]> = listOf<Action>(...userActions, ...otherActions, reflex)

const kind = fc.constantFrom<InputKind>('function', 'stream')

export const setups: fc.Arbitrary<Setup> = fc.record({
  vsn: fc.constantFrom('2.0.0', '2.0.0', '1.0.0'),
  lingers: fc.boolean(),
  beats: fc.boolean(),
  inputs: fc.record({ url: kind, params: kind }),
  joinsInFlight: fc.constantFrom(100, 1),
  givesUp: fc.boolean(),
})
