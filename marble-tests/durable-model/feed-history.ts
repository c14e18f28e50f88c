import fc from 'fast-check'

/** What differs from one history to another. */
export interface FeedSetup {
  /** The server takes the position in the params of the join; else the feed is on a channel without any. */
  readonly resumes: boolean
  /** Where a feed without a position begins. */
  readonly from: 'start' | 'now'
  /** How many messages the server sends again at each join, before those that were asked for. */
  readonly overlap: number
  readonly sequenced: boolean
  readonly backfills: boolean
  /** Cursors are numbers; else texts without an order. */
  readonly ordered: boolean
  readonly window: number
  readonly readAhead: number
  readonly concurrency: number
  readonly delayMs: number
  readonly saveMs: number
}

export type FeedAction =
  | { readonly type: 'append' | 'repeat' | 'lose' | 'trim' | 'handler fails'; readonly n: number }
  | { readonly type: 'cut' | 'crash' | 'restart' | 'backfill fails' | 'save fails' }
  | { readonly type: 'down'; readonly is: boolean }
  | { readonly type: 'handler takes'; readonly ms: number }
  | { readonly type: 'time'; readonly ms: number }

const setup = fc.record({
  resumes: fc.boolean(),
  from: fc.constantFrom('start' as const, 'now' as const),
  overlap: fc.constantFrom(0, 0, 1, 3, 20),
  sequenced: fc.boolean(),
  backfills: fc.boolean(),
  ordered: fc.boolean(),
  window: fc.constantFrom(2, 5, 1_000),
  readAhead: fc.constantFrom(1, 2, 4, 100),
  concurrency: fc.constantFrom(1, 1, 2, 4),
  delayMs: fc.constantFrom(1, 3),
  saveMs: fc.constantFrom(0, 2, 30),
})

/**
 * Whether a feed recognizes messages that are older than its position. Without an order it knows those in its window alone,
 * and where the server names the position at which it begins, that has no sequence number.
 */
export const knowsOlder = ({ ordered, sequenced, from }: FeedSetup): boolean =>
  ordered || (sequenced && from === 'start')

/** Leaves out what a setup cannot do: what a server is needed for, or what nobody could notice. */
export const feedSetups: fc.Arbitrary<FeedSetup> = setup.map((drawn) => ({
  ...drawn,
  overlap: knowsOlder(drawn) ? drawn.overlap : 0,
  // Without an order a message that comes again is known within the window alone, and a backfill may bring many.
  window: drawn.ordered || drawn.sequenced ? drawn.window : 1_000,
  // A feed that can neither resume nor fetch has no way to pause.
  readAhead: drawn.resumes || drawn.backfills ? drawn.readAhead : 100_000,
}))

const action: fc.Arbitrary<FeedAction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('append' as const), n: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('time' as const), ms: fc.constantFrom(1, 2, 5, 20, 100) }),
  },
  { weight: 2, arbitrary: fc.constant<FeedAction>({ type: 'cut' }) },
  { weight: 1, arbitrary: fc.constantFrom<FeedAction>({ type: 'crash' }, { type: 'restart' }) },
  { weight: 1, arbitrary: fc.constantFrom<FeedAction>({ type: 'backfill fails' }, { type: 'save fails' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('repeat' as const, 'lose' as const, 'trim' as const, 'handler fails' as const),
      n: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('down' as const), is: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('handler takes' as const), ms: fc.constantFrom(0, 1, 7, 40) }),
  },
)

export const feedActions: fc.Arbitrary<FeedAction[]> = fc.array(action, { minLength: 3, maxLength: 40 })
