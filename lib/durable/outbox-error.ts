import { DEV } from '../protocol/dev.ts'
import { TaggedError } from '../protocol/tagged-error.ts'

/** The store of an outbox failed: a full disk, a refused quota, one that was closed. What it has stays; `cause` has the reason. */
export class StoreFailed extends TaggedError<'StoreFailed'> {
  declare readonly step: 'open' | 'read' | 'write'

  constructor(facts: { step: 'open' | 'read' | 'write'; cause: unknown }) {
    super(
      'StoreFailed',
      DEV &&
        `The store of the outbox failed to ${facts.step}; see cause. What was stored stays; push again what was not.`,
      { step: facts.step },
      facts.cause,
    )
  }
}

/** Another process has the database of an outbox open. */
export class StoreLocked extends TaggedError<'StoreLocked'> {
  constructor(facts: { cause: unknown }) {
    super(
      'StoreLocked',
      DEV &&
        'Another process has the database of the outbox open; give each process its own database, or let one process send for all.',
      {},
      facts.cause,
    )
  }
}

/** A key is in the outbox already, with another event or payload. */
export class KeyReused extends TaggedError<'KeyReused'> {
  declare readonly key: string

  constructor(facts: { key: string }) {
    super(
      'KeyReused',
      DEV &&
        `The key "${facts.key}" is in the outbox with another event or payload; use a new key, or discard that entry.`,
      { key: facts.key },
    )
  }
}

/** The outbox has no entry with this key. */
export class EntryUnknown extends TaggedError<'EntryUnknown'> {
  declare readonly key: string

  constructor(facts: { key: string }) {
    super('EntryUnknown', DEV && `The outbox has no entry "${facts.key}"; it may be done, see entries$.`, {
      key: facts.key,
    })
  }
}
