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
  /** Where entries are stored: any `abstract-level` database, such as `new Level('outbox')`. The outbox opens it and never closes it. */
  readonly store: OutboxStore
  /** Distinguishes several outboxes in one store. Default: the topic of the channel. */
  readonly name?: string | undefined
  /** Returns the payload with the idempotency key in it. Default: sets `idempotency_key`, so the payload has to be an object. */
  readonly withKey?: ((payload: unknown, key: string) => unknown) | undefined
  /** Returns the key of a new entry, a text. Default: 16 random bytes in hexadecimal. */
  readonly newKey?: (() => string) | undefined
  /** How many entries may be sent at the same time. Default: 1, so entries arrive in order. */
  readonly concurrency?: number | undefined
  /**
   * How long to wait before an entry is sent again whose outcome is unknown: after a lost connection, a timeout or a crash.
   * Waiting for a connection or a join is not an attempt. `'stop'` refuses the entry. Default: 100 ms, then twice as long each
   * time, up to 30 s, without a limit of attempts.
   */
  readonly retry?: RetryPolicy | undefined
  /** Milliseconds to wait for the reply to one attempt. Default: `pushTimeoutMs` of the channel. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds from the push until an entry that got no reply is refused as `Expired`. Default: no limit. */
  readonly maxAgeMs?: number | undefined
  /** How many times an entry is sent before it is refused, whatever the policy. Default: no limit. */
  readonly maxAttempts?: number | undefined
  /** Flushes each write to the disk, if the database supports it, so that a push survives a power failure, too. Default: false. */
  readonly sync?: boolean | undefined
  /** How tabs share the outbox. Default: by Web Locks and a BroadcastChannel in browsers; elsewhere there is one process only. */
  readonly tabs?: Tabs | undefined
  /** The clock of waits, timeouts and ages. Default: RxJS's `asyncScheduler`. */
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
