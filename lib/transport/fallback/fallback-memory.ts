import { type SchedulerLike } from 'rxjs'
import { withoutSecrets } from '../../protocol/invalid-argument.ts'
import { type FallbackStorage, type RememberFallback } from './fallback-options.ts'

/** Until when the secondary transport is used without asking the primary. */
export interface FallbackMemory {
  isKept(url: string): boolean
  /** @param lasting - in the storage as well. */
  keep(url: string, lasting: boolean): void
  forget(url: string): void
}

/**
 * Remembers by mount point, in memory and, where there is one, in a storage. A storage that is not there, is full or
 * throws costs its memory and nothing else, as does one that answers with Promises.
 */
export const fallbackMemory = (
  { forMs = 600_000, storage, key }: RememberFallback,
  scheduler: SchedulerLike,
): FallbackMemory => {
  const expiries: Map<string, number> = new Map()
  let usable = true
  const keyOf = (url: string): string => key ?? `rx-phoenix:fallback:${withoutSecrets(url)}`
  const stored = <A>(use: (storage: FallbackStorage) => A): A | undefined => {
    try {
      const found = usable ? (typeof storage === 'function' ? storage() : storage) : undefined
      return found && use(found)
    } catch {
      return undefined
    }
  }
  const storedExpiry = (url: string): number => {
    const value: unknown = stored((found) => found.getItem(keyOf(url)))
    if (!(value instanceof Promise)) return Number(value ?? NaN)
    // That of an app, say. Left alone from now on, since a write that fails there would be nobody's and end the process.
    usable = false
    value.catch(() => undefined)
    return NaN
  }
  const forget = (url: string): void => {
    expiries.delete(keyOf(url))
    stored((found) => {
      found.removeItem(keyOf(url))
    })
  }
  return {
    isKept: (url) => {
      const expiry = expiries.get(keyOf(url)) ?? storedExpiry(url)
      const leftMs = expiry - scheduler.now()
      // More than was ever written is not ours, or is from before the clock was set back.
      if (leftMs > 0 && leftMs <= forMs) return true
      if (!Number.isNaN(leftMs)) forget(url)
      return false
    },
    keep: (url, lasting) => {
      if (forMs === 0) return
      const expiry = scheduler.now() + forMs
      expiries.set(keyOf(url), expiry)
      if (lasting)
        stored((found) => {
          found.setItem(keyOf(url), String(expiry))
        })
    },
    forget,
  }
}
