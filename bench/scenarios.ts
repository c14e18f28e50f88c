import { type ClientName } from './clients/names.ts'

/** What is measured, and how much of it. `n` counts units: messages, pushes or joins. */
export type Scenario = {
  readonly name: string
  readonly unit: string
  readonly n: number
  readonly goal: Goal
  /** Who takes part. Default: all. */
  readonly clients?: readonly ClientName[]
  /** What the client `rx` does besides. */
  readonly besides?: 'decode' | 'trace'
  /** So many times less in a quick run. Default: 10. */
  readonly quickly?: number
} & (
  | {
      readonly type: 'fan-in'
      readonly topics: number
      /** Bytes of a payload, roughly. */
      readonly size: number
      readonly binary: boolean
      /** False: the messages are of an event that nobody listens to. */
      readonly read: boolean
      /** How many listen to the event. */
      readonly subscribers: number
    }
  | { readonly type: 'push'; readonly inFlight: number }
  | { readonly type: 'join' | 'rejoin' | 'heap' | 'pending' | 'sockets' }
  | {
      readonly type: 'feed'
      /** By `processWith`. */
      readonly handled: boolean
    }
  | { readonly type: 'outbox rate' | 'outbox cost' | 'outbox heap' }
  | Alone
)

/** What needs no server. */
export type Alone =
  | { readonly type: 'presence' | 'patches' | 'import' | 'command line' }
  | { readonly type: 'bytes'; readonly withPresence: boolean }

/** At most so many times what `raw` or phoenix.js needs, or so much at all. */
export interface Goal {
  readonly raw?: number
  readonly phoenix?: number
  readonly atMost?: number
}

const fanIn = { type: 'fan-in', topics: 1, size: 100, binary: false, read: true, subscribers: 1 } as const
const CPU = 'µs CPU a message'
/** Supabase's client has no push with a response, and no bytes. */
const withPushes = ['raw', 'phoenix', 'rxws', 'sketch', 'rx'] as const
/** Where those who filter, or search a list, would take minutes to begin. */
const unfiltered = ['raw', 'phoenix', 'sketch', 'rx'] as const
/** Who is made of packages of npm; `sketch` is not, and would load what `rxws` loads. */
const packages = ['raw', 'phoenix', 'supabase', 'rxws', 'rx'] as const

/** The goals are those that the project has set itself. */
export const scenarios: readonly Scenario[] = [
  { ...fanIn, name: 'fan-in 100 B', unit: CPU, n: 500_000, goal: { raw: 1.1, phoenix: 1 } },
  { ...fanIn, name: 'fan-in 1 kB', unit: CPU, n: 150_000, size: 1_000, goal: { raw: 1.02 } },
  {
    ...fanIn,
    name: 'fan-in 1 kB, unread',
    unit: CPU,
    n: 200_000,
    size: 1_000,
    read: false,
    goal: { raw: 0.3 },
  },
  {
    ...fanIn,
    name: 'fan-in, 1,000 channels',
    unit: CPU,
    n: 100_000,
    topics: 1_000,
    goal: { raw: 1.25, phoenix: 0.25 },
  },
  {
    ...fanIn,
    name: 'fan-in, 10,000 channels',
    unit: CPU,
    clients: unfiltered,
    n: 40_000,
    topics: 10_000,
    goal: { raw: 1.25, phoenix: 0.03 },
  },
  {
    ...fanIn,
    name: 'binary 1 kB',
    clients: unfiltered,
    unit: CPU,
    n: 200_000,
    size: 1_000,
    binary: true,
    goal: { raw: 1.3, phoenix: 0.3 },
  },
  {
    type: 'push',
    name: 'push, one by one',
    clients: withPushes,
    unit: 'µs until the reply, p50',
    n: 10_000,
    inFlight: 1,
    goal: { raw: 1.08 },
  },
  {
    type: 'push',
    name: 'push, 1,000 in flight',
    clients: unfiltered,
    unit: 'µs CPU a push',
    n: 100_000,
    inFlight: 1_000,
    goal: { raw: 0.85, phoenix: 0.3 },
  },
  {
    type: 'join',
    name: 'join 10,000 channels',
    clients: unfiltered,
    quickly: 5,
    unit: 'µs CPU a join',
    n: 10_000,
    goal: { raw: 2, phoenix: 0.2 },
  },
  {
    type: 'rejoin',
    name: 'rejoin 10,000 channels',
    clients: unfiltered,
    quickly: 5,
    unit: 'ms from cut to joined',
    n: 10_000,
    goal: { raw: 1.5, phoenix: 0.08 },
  },
  {
    type: 'heap',
    name: 'heap of channels',
    unit: 'kB a joined channel',
    n: 10_000,
    quickly: 5,
    clients: unfiltered,
    goal: { atMost: 2 },
  },
  {
    ...fanIn,
    name: 'fan-in 100 B, 10 subscribers',
    unit: CPU,
    n: 200_000,
    subscribers: 10,
    clients: ['rx'],
    goal: {},
  },
  {
    ...fanIn,
    name: 'fan-in 100 B, decoded',
    unit: CPU,
    n: 300_000,
    besides: 'decode',
    clients: ['raw', 'rx'],
    goal: {},
  },
  {
    ...fanIn,
    name: 'fan-in 100 B, traced',
    unit: CPU,
    n: 100_000,
    besides: 'trace',
    clients: ['raw', 'rx'],
    goal: {},
  },
  {
    type: 'pending',
    name: 'heap of pushes',
    unit: 'kB a push that waits for its reply',
    n: 10_000,
    quickly: 5,
    clients: unfiltered,
    goal: {},
  },
  {
    type: 'sockets',
    name: 'heap of sockets',
    unit: 'kB a socket with one channel, of 100',
    n: 100,
    quickly: 1,
    clients: unfiltered,
    goal: {},
  },
  {
    type: 'presence',
    name: 'presence diff, 10,000 entries',
    unit: 'µs a diff',
    n: 10_000,
    quickly: 1,
    clients: ['raw', 'phoenix', 'rx'],
    goal: { phoenix: 0.3 },
  },
  {
    type: 'patches',
    name: 'patch of a state of 1 MB',
    unit: 'µs a patch (raw: fast-json-patch)',
    n: 200,
    clients: ['raw', 'rx'],
    goal: {},
  },
  {
    type: 'feed',
    name: 'feed 100 B',
    unit: 'times the CPU of `on` a message',
    n: 200_000,
    handled: false,
    clients: ['rx'],
    goal: { atMost: 1.3 },
  },
  {
    type: 'feed',
    name: 'feed 100 B, processWith',
    unit: 'times the CPU of `on` a message',
    n: 100_000,
    handled: true,
    clients: ['rx'],
    goal: {},
  },
  {
    type: 'outbox rate',
    name: 'outbox on LevelDB',
    unit: 'pushes a second, in order',
    n: 5_000,
    clients: ['rx'],
    goal: {},
  },
  {
    type: 'outbox cost',
    name: 'outbox on LevelDB, one by one',
    unit: 'times the CPU of a plain push',
    n: 2_000,
    clients: ['rx'],
    goal: {},
  },
  {
    type: 'outbox heap',
    name: 'heap of an outbox',
    unit: 'kB an entry that waits, of 100,000',
    n: 100_000,
    quickly: 10,
    clients: ['rx'],
    goal: {},
  },
  {
    type: 'bytes',
    name: 'bytes, core',
    unit: 'kB min+gzip without rxjs',
    n: 1,
    quickly: 1,
    withPresence: false,
    clients: ['phoenix', 'supabase', 'rx'],
    goal: { atMost: 7 },
  },
  {
    type: 'bytes',
    name: 'bytes, with presence',
    unit: 'kB min+gzip without rxjs',
    n: 1,
    quickly: 1,
    withPresence: true,
    clients: ['phoenix', 'supabase', 'rx'],
    goal: { atMost: 8 },
  },
  {
    type: 'import',
    name: 'import in Node',
    unit: 'ms over a bare start',
    n: 10,
    quickly: 3,
    clients: packages,
    goal: {},
  },
  {
    type: 'command line',
    name: 'start of the command line',
    unit: 'ms over a bare start',
    n: 10,
    quickly: 3,
    clients: ['rx'],
    goal: { atMost: 150 },
  },
]
