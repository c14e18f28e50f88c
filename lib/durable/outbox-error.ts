import { DEV } from '../protocol/dev.ts'
import { TaggedError } from '../protocol/tagged-error.ts'

/**
 * The store of an outbox failed: the disk is full, the quota is exceeded, the database is closed, or a value in it cannot be read.
 * What is stored stays; `cause` has the reason.
 */
export class StoreFailed extends TaggedError<'StoreFailed'> {
  declare readonly step: 'open' | 'read' | 'write'

  constructor(facts: { step: 'open' | 'read' | 'write'; cause: unknown }) {
    super(
      'StoreFailed',
      DEV &&
        `The store of the outbox failed to ${facts.step}; see cause. What is stored stays; repeat what failed when that is repaired.`,
      facts,
    )
  }
}

/** The database of an outbox is open already, in another process or a second time in this one. */
export class StoreLocked extends TaggedError<'StoreLocked'> {
  constructor(facts: { cause: unknown }) {
    super(
      'StoreLocked',
      DEV &&
        'The database of the outbox is open already; give each process its own database, and open it once in each.',
      facts,
    )
  }
}

/** The outbox has an entry with this key already, and its event or payload is different. */
export class KeyReused extends TaggedError<'KeyReused'> {
  declare readonly key: string

  constructor(facts: { key: string }) {
    super(
      'KeyReused',
      DEV &&
        `The key "${facts.key}" is in the outbox with another event or payload; use a new key, or discard that entry.`,
      facts,
    )
  }
}

/** The outbox has no entry with this key. */
export class EntryUnknown extends TaggedError<'EntryUnknown'> {
  declare readonly key: string

  constructor(facts: { key: string }) {
    super(
      'EntryUnknown',
      DEV &&
        `The outbox has no entry with the key "${facts.key}"; it may be done or discarded, see entries$.`,
      facts,
    )
  }
}
