import { asyncScheduler, type SchedulerLike } from 'rxjs'
import { type RetryPolicy } from '../index.ts'
import { DEV } from '../protocol/dev.ts'
import { checked } from '../protocol/checked.ts'
import { amount, callable, duration } from './checks.ts'
import { type OutboxStore } from './outbox-store.ts'
import { randomKey } from './random-key.ts'
import { browserTabs, type Tabs } from './tabs.ts'

/** Options of `outbox`. */
export interface OutboxOptions {
  /** Where entries are kept: any `abstract-level` database, such as `new Level('outbox')`. It is opened, and never closed. */
  readonly store: OutboxStore
  /** Distinguishes outboxes in one store. Default: the topic of the channel. */
  readonly name?: string | undefined
  /** Puts the idempotency key into a payload. Default: adds `idempotency_key`, for which the payload has to be an object. */
  readonly withKey?: ((payload: unknown, key: string) => unknown) | undefined
  /** Makes the key of an entry. Default: 16 random bytes in hex. */
  readonly newKey?: (() => string) | undefined
  /** How many entries may be on their way together. With 1 (the default) they are sent in order. */
  readonly concurrency?: number | undefined
  /**
   * How long to wait before an entry is sent again of which nobody knows what became. Waiting for a connection or a join is
   * no attempt. `'stop'` refuses the entry. Default: 100 ms, then twice as long each time, at most 30 s, without end.
   */
  readonly retry?: RetryPolicy | undefined
  /** Milliseconds for one attempt. Default: `pushTimeoutMs` of the channel. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds from the push until an entry is refused that could not be sent. Default: never. */
  readonly maxAgeMs?: number | undefined
  /** How often an entry is sent until it is refused, whatever the policy. Default: no limit. */
  readonly maxAttempts?: number | undefined
  /** Flushes each write to the disk, so that a push survives a power failure too, where the database has such an option. */
  readonly sync?: boolean | undefined
  /** How tabs share the outbox. Default: Web Locks and a BroadcastChannel in a page; elsewhere this process is alone. */
  readonly tabs?: Tabs | undefined
  /** The clock. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined
}

export interface OutboxSettings {
  readonly name: string
  readonly withKey: (payload: unknown, key: string) => unknown
  /** False: the payload has to be an object. */
  readonly anyPayload: boolean
  readonly newKey: () => string
  readonly concurrency: number
  readonly retry: RetryPolicy
  readonly timeoutMs: number | undefined
  readonly maxAgeMs: number
  readonly maxAttempts: number
  readonly tabs: Tabs | undefined
  readonly scheduler: SchedulerLike
}

/** Checks options and fills in what is left out. Throws `InvalidArgument`. */
export const outboxSettings = (options: OutboxOptions, topic: string): OutboxSettings => {
  const { store, name = topic, withKey, newKey, retry, timeoutMs, maxAgeMs, maxAttempts } = options
  checked(
    (['open', 'batch', 'iterator'] as const).every(
      (method) => typeof (store as Partial<OutboxStore> | undefined)?.[method] === 'function',
    ),
    'store',
    store,
    DEV && "pass an abstract-level database, such as new Level('outbox').",
  )
  checked(
    typeof name === 'string' && name !== '' && !name.includes('!'),
    'name',
    name,
    DEV && 'pass a name without "!".',
  )
  for (const [argument, value] of Object.entries({ withKey, newKey, retry })) callable(argument, value)
  if (timeoutMs !== undefined) duration('timeoutMs', timeoutMs)
  return {
    name,
    withKey: withKey ?? ((payload, key) => ({ ...(payload as object), idempotency_key: key })),
    anyPayload: withKey !== undefined,
    newKey: newKey ?? randomKey,
    concurrency: amount('concurrency', options.concurrency ?? 1),
    retry: retry ?? ((_cause, attempt) => Math.min(30_000, 100 * 2 ** (attempt - 1))),
    timeoutMs,
    maxAgeMs: duration('maxAgeMs', maxAgeMs ?? Infinity, true),
    maxAttempts: maxAttempts === undefined ? Infinity : amount('maxAttempts', maxAttempts),
    tabs: options.tabs ?? browserTabs(),
    scheduler: options.scheduler ?? asyncScheduler,
  }
}
