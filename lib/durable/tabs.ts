import { Observable } from 'rxjs'

/** The part of the Web Locks API that is used. */
export interface TabLocks {
  /** Calls `hold` when the lock is granted, and releases it when the Promise of `hold` has settled. */
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    hold: () => Promise<void>,
  ): Promise<unknown>
}

/** The part of a `BroadcastChannel` that is used. */
export interface TabChannel {
  /** Sends a message to the other tabs. */
  postMessage(message: unknown): void
  /** Called with each message of another tab. */
  onmessage: ((event: { readonly data: unknown }) => void) | null
  /** Closes the channel of this tab. */
  close(): void
}

/** How the tabs of one origin agree on the one that sends, and exchange messages. */
export interface Tabs {
  readonly locks: TabLocks
  /** Opens the channel with this name. */
  readonly channel: (name: string) => TabChannel
}

/**
 * The locks and channels of a browser, in pages and workers alike, which share databases. Undefined without IndexedDB: recent
 * versions of Node have Web Locks, but no database that several threads share.
 */
export const browserTabs = (): Tabs | undefined => {
  const { indexedDB, navigator, BroadcastChannel } = globalThis as Partial<typeof globalThis>
  if (!indexedDB || !BroadcastChannel || !(navigator as Partial<Navigator> | undefined)?.locks)
    return undefined
  return {
    locks: navigator?.locks as unknown as TabLocks,
    channel: (name) => new BroadcastChannel(name) as TabChannel,
  }
}

/** Emits once, when this tab gets the lock, and holds it until unsubscribed. Never completes. Errors if the request fails. */
export const leadership = (locks: TabLocks, name: string): Observable<void> =>
  new Observable((subscriber) => {
    const asking = new AbortController()
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    locks
      .request(name, { signal: asking.signal }, () => {
        if (subscriber.closed) return Promise.resolve()
        subscriber.next()
        return held
      })
      .catch((error: unknown) => {
        subscriber.error(error)
      })
    return () => {
      release()
      asking.abort()
    }
  })
