import {
  auditTime,
  concat,
  defer,
  map,
  type Observable,
  of,
  type SchedulerLike,
  Subject,
  type Subscriber,
} from 'rxjs'
import { type OutboxEntry, type OutboxState } from './outbox-entry.ts'

/** An entry in memory, and the subscribers that receive its states. */
export interface Kept {
  readonly id: string
  entry: OutboxEntry
  readonly watchers: Set<Subscriber<OutboxState>>
}

/** The entries of an outbox in memory, in order. */
export class Entries {
  /** How many are queued or being sent. */
  pending = 0
  private readonly changed$: Subject<void> = new Subject()
  private readonly byId: Map<string, Kept> = new Map()
  private readonly byKey: Map<string, Kept> = new Map()
  private lastId = ''

  get changes$(): Observable<void> {
    return this.changed$.asObservable()
  }

  find(key: string): Kept | undefined {
    return this.byKey.get(key)
  }

  get(id: string): Kept | undefined {
    return this.byId.get(id)
  }

  /** All, in the order of their ids: entries of other tabs may have arrived late. */
  all(): readonly Kept[] {
    const entries = [...this.byId.values()]
    const inOrder = entries.every(({ id }, i) => i === 0 || id >= (entries[i - 1]?.id ?? ''))
    return inOrder ? entries : entries.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Emits on `changes$` without a change of an entry. */
  touch(): void {
    this.changed$.next()
  }

  /** An id after all ids so far; `suffix` differs from tab to tab. */
  nextId(suffix: string): string {
    const number = this.lastId === '' ? 0 : Number.parseInt(this.lastId, 10)
    this.lastId = `${`${number + 1}`.padStart(15, '0')}-${suffix}`
    return this.lastId
  }

  add(id: string, entry: OutboxEntry): Kept {
    const kept: Kept = { id, entry, watchers: new Set() }
    if (id > this.lastId) this.lastId = id
    this.byId.set(id, kept)
    this.byKey.set(entry.key, kept)
    if (isPending(entry)) this.pending += 1
    this.changed$.next()
    return kept
  }

  /** Changes the state of an entry. One that is done or discarded is removed, and its watchers complete. */
  change(kept: Kept, state: OutboxState): void {
    this.pending -= Number(isPending(kept.entry) && this.byId.has(kept.id))
    kept.entry = { ...kept.entry, state }
    const over = state.status === 'done' || state.status === 'discarded'
    if (over) {
      this.byId.delete(kept.id)
      if (this.byKey.get(kept.entry.key) === kept) this.byKey.delete(kept.entry.key)
    } else this.pending += Number(isPending(kept.entry))
    for (const watcher of [...kept.watchers]) {
      watcher.next(state)
      if (over || state.status === 'refused') watcher.complete()
    }
    this.changed$.next()
  }

  /** All entries: when subscribed, then again after changes, at most once a turn. */
  snapshots(scheduler: SchedulerLike): Observable<readonly OutboxEntry[]> {
    const snapshot = (): readonly OutboxEntry[] => this.all().map(({ entry }) => entry)
    return defer(() => concat(of(snapshot()), this.changed$.pipe(auditTime(0, scheduler), map(snapshot))))
  }
}

const isPending = ({ state: { status } }: OutboxEntry): boolean => status === 'queued' || status === 'sending'
