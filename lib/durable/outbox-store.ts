import { StoreFailed, StoreLocked } from './outbox-error.ts'
import { type OutboxEntry } from './outbox-entry.ts'

/** One change of a store. */
export type StoreOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string }

/** The part of an `abstract-level` database that an outbox uses. `level`, `classic-level` and `memory-level` have it. */
export interface OutboxStore {
  /** Opens the database. Resolves when it is open, also if it was open before. */
  open(): Promise<void>
  /** Applies all operations, or none if it rejects. */
  batch(
    operations: StoreOperation[],
    options: { keyEncoding: 'utf8'; valueEncoding: 'utf8'; sync: boolean },
  ): Promise<void>
  /** Iterates over the entries of a range of keys, in the order of the keys. */
  iterator(options: {
    gte: string
    lt: string
    keyEncoding: 'utf8'
    valueEncoding: 'utf8'
  }): AsyncIterable<[string, string]>
}

const ENCODING = { keyEncoding: 'utf8', valueEncoding: 'utf8' } as const

interface Write {
  readonly operation: StoreOperation
  readonly resolve: () => void
  readonly reject: (error: StoreFailed) => void
}

/**
 * The entries of one outbox in a store. Writes keep their order: all that are requested during a write form the next batch, which
 * costs as much as one write.
 */
export class EntryLog {
  private readonly prefix: string
  private waiting: Write[] = []
  private writing: Promise<void> | undefined

  constructor(
    private readonly store: OutboxStore,
    name: string,
    private readonly sync: boolean,
  ) {
    this.prefix = `rx-phoenix-outbox!${name}!`
  }

  /** All entries, in order. Waits for the writes that are under way. */
  async load(): Promise<readonly (readonly [id: string, entry: OutboxEntry])[]> {
    await this.writing
    await this.opened()
    const entries: [string, OutboxEntry][] = []
    try {
      const range = { gte: this.prefix, lt: `${this.prefix}\uffff`, ...ENCODING }
      for await (const [key, text] of this.store.iterator(range))
        entries.push([key.slice(this.prefix.length), parseEntry(key, text)])
    } catch (cause) {
      throw new StoreFailed({ step: 'read', cause })
    }
    return entries
  }

  put(id: string, entry: OutboxEntry): Promise<void> {
    return this.write({ type: 'put', key: this.prefix + id, value: JSON.stringify(entry) })
  }

  remove(id: string): Promise<void> {
    return this.write({ type: 'del', key: this.prefix + id })
  }

  private write(operation: StoreOperation): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ operation, resolve, reject })
      this.writing ??= this.writeAll()
    })
  }

  private async writeAll(): Promise<void> {
    // The writes of this turn form one batch.
    await Promise.resolve()
    while (this.waiting.length > 0) {
      const writes = this.waiting
      this.waiting = []
      try {
        await this.store.batch(
          writes.map(({ operation }) => operation),
          { ...ENCODING, sync: this.sync },
        )
        for (const { resolve } of writes) resolve()
      } catch (cause) {
        const error = new StoreFailed({ step: 'write', cause })
        for (const { reject } of writes) reject(error)
      }
    }
    // In the same turn as the last check: a later write must start the loop again.
    this.writing = undefined
  }

  private async opened(): Promise<void> {
    try {
      await this.store.open()
    } catch (cause) {
      if (codes(cause).includes('LEVEL_LOCKED')) throw new StoreLocked({ cause })
      throw new StoreFailed({ step: 'open', cause })
    }
  }
}

const parseEntry = (key: string, text: string): OutboxEntry => {
  const entry = JSON.parse(text) as OutboxEntry
  const { key: name, event, state } = Object(entry) as Partial<OutboxEntry>
  if (typeof name === 'string' && typeof event === 'string' && typeof state?.status === 'string') return entry
  throw new TypeError(`the value of ${JSON.stringify(key)} is not an entry of an outbox.`)
}

/** The codes of an error and of its causes. */
const codes = (error: unknown): readonly unknown[] => {
  const { code, cause } = Object(error) as { readonly code?: unknown; readonly cause?: unknown }
  return cause === undefined ? [code] : [code, ...codes(cause)]
}
