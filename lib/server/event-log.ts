import { InvalidArgument } from '../protocol/invalid-argument.ts'

/** A position in a log. */
export type Cursor = string | number

/** One entry of a log; its payload should hold its cursor, so that a client can resume after it. */
export interface LogEntry {
  readonly cursor: Cursor
  readonly event: string
  readonly payload: object
}

/** What `resumable` reads: a table of events, a stream, or `memoryLog()`. Each function may be asynchronous. */
export interface EventLog {
  /**
   * The entries behind a cursor, oldest first, and at most `limit`; without a cursor from the oldest that there is. Null if
   * the log cannot tell what followed the cursor: it has dropped some of it, or never had such an entry.
   */
  after(
    topic: string,
    cursor: Cursor | undefined,
    limit: number,
  ): readonly LogEntry[] | null | PromiseLike<readonly LogEntry[] | null>
  /** The cursor of the newest entry. In an empty log: the one before the first, or undefined if it is unknown. */
  last(topic: string): Cursor | undefined | PromiseLike<Cursor | undefined>
  /** Calls the listener after each new entry of a topic. The function returned ends that. */
  subscribe(topic: string, listener: () => void): () => void
}

/** A log in memory, which numbers its entries. */
export interface MemoryLog extends EventLog {
  /** Adds an entry and returns its number, from 1 on, which its payload has as `seq`. */
  append(topic: string, event: string, payload?: object): number
}

/**
 * A log in memory for tests, demos and small tools: it keeps the newest entries of each topic and forgets them all when the
 * process ends, as its clients learn when they resume. Throws `InvalidArgument`.
 *
 * @param keep - entries of each topic; older ones are dropped. Default 10,000.
 */
export const memoryLog = ({ keep = 10_000 }: { readonly keep?: number } = {}): MemoryLog => {
  if (!Number.isInteger(keep) || keep < 1)
    throw new InvalidArgument('keep', keep, 'pass the number of entries to keep, 1 or more.')
  const logs: Map<string, { readonly entries: LogEntry[]; last: number }> = new Map()
  const listeners: Map<string, Set<() => void>> = new Map()

  return {
    append: (topic, event, payload = {}) => {
      const log = logs.get(topic) ?? { entries: [], last: 0 }
      logs.set(topic, log)
      log.last += 1
      log.entries.push({ cursor: log.last, event, payload: { ...payload, seq: log.last } })
      // In whole halves, since to take one from the front of an array costs its length.
      if (log.entries.length >= 2 * keep) log.entries.splice(0, log.entries.length - keep)
      for (const listener of [...(listeners.get(topic) ?? [])]) listener()
      return log.last
    },
    after: (topic, cursor, limit) => {
      const { entries = [], last = 0 } = logs.get(topic) ?? {}
      const oldest = Math.max(last - entries.length, last - keep)
      const from = cursor ?? oldest
      if (typeof from !== 'number' || !Number.isInteger(from) || from < oldest || from > last) return null
      const start = entries.length - (last - from)
      return entries.slice(start, start + limit)
    },
    last: (topic) => logs.get(topic)?.last ?? 0,
    subscribe: (topic, listener) => {
      const own = listeners.get(topic) ?? new Set()
      listeners.set(topic, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0 && listeners.get(topic) === own) listeners.delete(topic)
      }
    },
  }
}
