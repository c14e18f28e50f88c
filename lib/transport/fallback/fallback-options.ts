import { DEV } from '../../protocol/dev.ts'
import { type SchedulerLike } from 'rxjs'
import { checked } from '../../protocol/checked.ts'
import { MAX_DELAY_MS } from '../../protocol/max-delay.ts'

/** What is used of `sessionStorage`, `localStorage` or another store that answers synchronously, not with Promises. */
export interface FallbackStorage {
  /** Null if nothing is stored under the key. */
  getItem(key: string): string | null
  /** May throw, as a full or forbidden storage does; then nothing is remembered there. */
  setItem(key: string, value: string): void
  /** Does nothing if nothing is stored under the key. */
  removeItem(key: string): void
}

/** How long, and where, it is remembered that the secondary transport is needed. */
export interface RememberFallback {
  /** In milliseconds. 0: not at all. Default: 600,000 (10 minutes). */
  readonly forMs?: number
  /**
   * Where it outlives a page, `() => sessionStorage` for instance. A function is called at each use, and may throw, as
   * sandboxed pages do. Default: none; the memory of the transport.
   */
  readonly storage?: FallbackStorage | (() => FallbackStorage | undefined)
  /** The key in the storage. Default: `rx-phoenix:fallback:` and the mount point, without its query. */
  readonly key?: string
}

/** Options of `withFallback`. All times are in milliseconds. */
export interface FallbackOptions {
  /**
   * How long the primary transport may take to open and to bring a first frame in one attempt, before the secondary is tried in
   * that attempt. Less than `connectTimeoutMs` of the socket, which is for both together. Infinity: any time. Default: 4,000.
   */
  readonly afterMs?: number
  /** How many attempts in a row the primary may fail before the secondary is tried. Default: 2. */
  readonly failures?: number
  readonly remember?: RememberFallback
  /** How often the primary is tried in the background while the secondary is in use. 0: never. Default: 60,000. */
  readonly recheckAfterMs?: number
  /** Its timers run on it. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/** Throws `InvalidArgument`. */
export const checkFallbackOptions = (options: FallbackOptions): void => {
  if (!DEV) return
  const { afterMs = 1, failures = 1, remember = {}, recheckAfterMs = 0 } = options
  const { forMs = 0, storage } = remember
  const wait = (ms: unknown): boolean => typeof ms === 'number' && ms >= 0 && ms <= MAX_DELAY_MS
  const require = (holds: boolean, option: string, value: unknown, advice: string): void => {
    checked(holds, `withFallback.${option}`, value, advice)
  }
  const milliseconds = `pass a number of milliseconds, at most ${MAX_DELAY_MS}`
  require(afterMs === Infinity ||
    (wait(afterMs) && afterMs > 0), 'afterMs', afterMs, `${milliseconds}, above 0, or Infinity.`)
  require(failures === Infinity ||
    (Number.isInteger(failures) && failures > 0), 'failures', failures, 'pass a whole number above 0.')
  require(wait(recheckAfterMs), 'recheckAfterMs', recheckAfterMs, `${milliseconds}, or 0 for never.`)
  require(wait(forMs), 'remember.forMs', forMs, `${milliseconds}, or 0 for not at all.`)
  require(storage === undefined ||
    typeof storage === 'function' ||
    typeof (storage as Partial<FallbackStorage>).getItem ===
      'function', 'remember.storage', storage, 'pass an object with getItem, setItem and removeItem, or a function that returns one.')
}
