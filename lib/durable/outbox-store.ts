import { StoreFailed, StoreLocked } from './outbox-error.ts'
import { type OutboxEntry } from './outbox-entry.ts'

/** One change of a store. */
export type StoreOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string }

/** What an outbox uses of an `abstract-level` database, such as those of `level`, `classic-level` and `memory-level`. */
export interface OutboxStore {
  /** Resolves when the database is open. */
  open(): Promise<void>
  /** Applies all operations or none. */
  batch(
    operations: StoreOperation[],
    options: { keyEncoding: 'utf8'; valueEncoding: 'utf8'; sync: boolean },
  ): Promise<void>
  /** The entries of a range of keys, in their order. */
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
 * The entries of one outbox in a store. Writes keep their order: those that come while one is under way leave together
 * in the next batch, which is the price of one.
 */
export class EntryLog {
  private readonly store: OutboxStore
  private readonly prefix: string
  private readonly sync: boolean
  private waiting: Write[] = []
  private writing: Promise<void> | undefined

  constructor(store: OutboxStore, name: string, sync: boolean) {
    this.store = store
    this.prefix = `rx-phoenix-outbox!${name}!`
    this.sync = sync
  }

  /** All entries, in order. Waits for what is being written. */
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
    // Those of this turn leave together.
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
    // In the turn of the last look: a write that comes after it must begin anew.
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
