import fc from 'fast-check'

/** What differs from one history to another. */
export interface OutboxSetup {
  readonly tabs: 1 | 2
  readonly concurrency: number
  readonly delayMs: number
  /** How long a write takes until it is in the store. */
  readonly writeMs: number
}

export type OutboxAction =
  | { readonly type: 'push' | 'crash' | 'reload'; readonly tab: number }
  | { readonly type: 'discard' | 'retry'; readonly tab: number; readonly pick: number }
  | { readonly type: 'flush'; readonly tab: number }
  /** Of the next pushes: the push, or its reply, is lost; or it is refused. */
  | { readonly type: 'lose push' | 'lose reply' | 'refuse' }
  | { readonly type: 'cut' | 'crash channel' }
  | { readonly type: 'down' | 'full'; readonly is: boolean }
  | { readonly type: 'time'; readonly ms: number }

export const outboxSetups: fc.Arbitrary<OutboxSetup> = fc.record({
  tabs: fc.constantFrom(1 as const, 2 as const),
  concurrency: fc.constantFrom(1, 1, 3),
  delayMs: fc.constantFrom(1, 4),
  writeMs: fc.constantFrom(0, 1, 5),
})

const tab = fc.constantFrom(0, 1)

const action: fc.Arbitrary<OutboxAction> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('push' as const), tab }) },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('time' as const), ms: fc.constantFrom(1, 3, 10, 40) }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('crash' as const, 'reload' as const), tab }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('discard' as const, 'retry' as const),
      tab,
      pick: fc.nat(5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('flush' as const), tab }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<OutboxAction>(
      { type: 'lose push' },
      { type: 'lose reply' },
      { type: 'refuse' },
      { type: 'cut' },
      { type: 'crash channel' },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('down' as const, 'full' as const), is: fc.boolean() }),
  },
)

export const outboxActions: fc.Arbitrary<OutboxAction[]> = fc.array(action, { minLength: 3, maxLength: 35 })
