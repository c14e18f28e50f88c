import { Observable } from 'rxjs'

/** What is used of the Web Locks API. */
export interface TabLocks {
  /** Runs the callback while the lock is held. */
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    hold: () => Promise<void>,
  ): Promise<unknown>
}

/** What is used of a `BroadcastChannel`. */
export interface TabChannel {
  /** Sends a message to the other tabs. */
  postMessage(message: unknown): void
  /** Called with each message of another tab. */
  onmessage: ((event: { readonly data: unknown }) => void) | null
  /** Ends the channel of this tab. */
  close(): void
}

/** How the tabs of one origin find out which of them sends, and tell each other what goes on. */
export interface Tabs {
  readonly locks: TabLocks
  /** Opens the channel of a name. */
  readonly channel: (name: string) => TabChannel
}

/**
 * Those of a browser, in workers too, which share its databases. Undefined where there is one process and nobody to share
 * with: Node has Web Locks by now, but no IndexedDB.
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

/** Emits once when this tab holds the lock, and holds it until it is unsubscribed. Never completes. */
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
