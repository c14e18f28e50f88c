import { defer, ignoreElements, map, Observable, startWith, type Subscriber, takeWhile } from 'rxjs'
import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type Kept } from './entries.ts'
import { type OutboxEntry, type OutboxState } from './outbox-entry.ts'
import { EntryUnknown, KeyReused } from './outbox-error.ts'
import { type OutboxLife } from './outbox-life.ts'
import { type OutboxSettings } from './outbox-options.ts'
import { type EntryLog } from './outbox-store.ts'
import { randomKey } from './random-key.ts'

const QUEUED: OutboxState = { status: 'queued' }

/** What the application asks of an outbox: to push, to retry, to discard, to flush. */
export class OutboxRequests {
  private readonly tab: string = randomKey().slice(0, 8)
  /** Entries that are being stored, by key. */
  private readonly storing: Map<string, Kept> = new Map()

  constructor(
    private readonly life: OutboxLife,
    private readonly log: EntryLog,
    private readonly settings: OutboxSettings,
  ) {}

  /** Stores an entry and emits its states, from `queued` until it is done, refused or discarded. */
  push(event: string, payload: unknown, givenKey: string | undefined): Observable<OutboxState> {
    return new Observable((subscriber) => {
      const key = givenKey ?? this.newKey()
      const same = this.life.entries.find(key) ?? this.storing.get(key)
      if (!same) this.store(key, event, payload, subscriber)
      else if (same.entry.event === event && sortedJson(same.entry.payload) === sortedJson(payload))
        this.watch(same, subscriber)
      else subscriber.error(new KeyReused({ key }))
    })
  }

  /** Sends a refused entry again. */
  retry(key: string): Observable<void> {
    return defer(async () => {
      const kept = this.find(key)
      if (statusOf(kept) !== 'refused') return
      await this.log.put(kept.id, { ...kept.entry, state: QUEUED })
      if (statusOf(kept) === 'discarded') {
        await this.log.remove(kept.id)
        throw new EntryUnknown({ key })
      }
      // It may have been retried twice.
      if (statusOf(kept) !== 'refused') return
      this.life.change(kept, QUEUED)
      this.life.send(kept)
    })
  }

  /** Removes an entry. One that is being sent may have arrived. */
  discard(key: string): Observable<void> {
    return defer(async () => {
      const kept = this.find(key)
      await this.log.remove(kept.id)
      this.life.cancel(kept.id)
      this.life.change(kept, { status: 'discarded' })
    })
  }

  /** Sends without waiting for the next attempt. Completes when nothing is queued. */
  flush(): Observable<never> {
    return defer(() => {
      this.life.flush()
      const { entries } = this.life
      return entries.changes$.pipe(
        startWith(undefined),
        map(() => entries.pending + this.storing.size),
        takeWhile((left) => left > 0),
        ignoreElements(),
      )
    })
  }

  private find(key: string): Kept {
    const kept = this.life.entries.find(key)
    if (!kept) throw new EntryUnknown({ key })
    return kept
  }

  private newKey(): string {
    const key: unknown = this.settings.newKey()
    if (typeof key === 'string' && key !== '') return key
    throw new InvalidArgument('newKey', key, DEV && 'return a text that is not empty.')
  }

  private store(key: string, event: string, payload: unknown, subscriber: Subscriber<OutboxState>): void {
    const { life, log, settings, storing } = this
    const id = life.entries.nextId(this.tab)
    const entry: OutboxEntry = {
      key,
      event,
      // A copy: what the caller changes later must not be sent.
      payload: JSON.parse(JSON.stringify(payload)) as unknown,
      at: settings.scheduler.now(),
      state: QUEUED,
    }
    const waiting: Kept = { id, entry, watchers: new Set([subscriber]) }
    storing.set(key, waiting)
    log.put(id, entry).then(
      () => {
        storing.delete(key)
        if (life.hasEnded) return
        const kept = life.add(id, entry)
        for (const watcher of waiting.watchers) this.watch(kept, watcher)
        life.send(kept)
      },
      (error: unknown) => {
        storing.delete(key)
        for (const watcher of waiting.watchers) watcher.error(error)
        life.entries.touch()
      },
    )
  }

  private watch(kept: Kept, subscriber: Subscriber<OutboxState>): void {
    kept.watchers.add(subscriber)
    subscriber.add(() => kept.watchers.delete(subscriber))
    // It is not queued before it is stored.
    if (this.storing.get(kept.entry.key) === kept) return
    subscriber.next(kept.entry.state)
    if (kept.entry.state.status === 'refused') subscriber.complete()
  }
}

const statusOf = (kept: Kept): OutboxState['status'] => kept.entry.state.status

/** The same text for equal payloads, whatever the order of their keys. */
const sortedJson = (payload: unknown): string =>
  JSON.stringify(payload, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
