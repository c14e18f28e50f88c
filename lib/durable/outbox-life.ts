import { defer, ignoreElements, noop, Observable, type Subscriber, Subscription, take } from 'rxjs'
import { type Channel } from '../index.ts'
import { Entries, type Kept } from './entries.ts'
import { EntryUnknown, KeyReused } from './outbox-error.ts'
import { type OutboxEntry, type OutboxState } from './outbox-entry.ts'
import { type OutboxSettings } from './outbox-options.ts'
import { type EntryLog } from './outbox-store.ts'
import { randomKey } from './random-key.ts'
import { Sender } from './sender.ts'
import { leadership, type TabChannel } from './tabs.ts'

/** Messages between tabs. */
type News =
  | { readonly type: 'entry'; readonly id: string; readonly entry: OutboxEntry }
  | { readonly type: 'leader' }
  | { readonly type: 'newcomer' }
  | { readonly type: 'flush' }

const QUEUED: OutboxState = { status: 'queued' }

/** An outbox while somebody is subscribed: its entries in memory, the same in all tabs, and the sender if this tab sends. */
export class OutboxLife {
  readonly entries: Entries = new Entries()
  private readonly channel: Channel
  private readonly log: EntryLog
  private readonly settings: OutboxSettings
  private readonly tab: string
  private readonly life: Subscription = new Subscription()
  /** Entries on their way to the store, by key. */
  private readonly storing: Map<string, Kept> = new Map()
  private news: TabChannel | undefined
  /** Undefined while another tab sends. */
  private sender: Sender | undefined

  constructor(channel: Channel, log: EntryLog, settings: OutboxSettings) {
    this.channel = channel
    this.log = log
    this.settings = settings
    this.tab = randomKey().slice(0, 8)
  }

  async begin(failed: (error: unknown) => void): Promise<void> {
    const { tabs, name } = this.settings
    const channel = tabs?.channel(`rx-phoenix-outbox ${name}`)
    // Before the entries are read, so that none falls in between.
    if (channel) {
      this.news = channel
      channel.onmessage = ({ data }) => {
        this.hear(data as News)
      }
      this.life.add(() => {
        channel.close()
      })
    }
    await this.reload()
    if (this.life.closed) return
    // What is being sent is stored as queued.
    this.tell({ type: 'newcomer' })
    if (!tabs) this.lead()
    else
      this.life.add(
        leadership(tabs.locks, `rx-phoenix-outbox ${name}`).subscribe({
          next: () => {
            // What the tab that sent before did last may be known to the store alone.
            this.reload().then(() => {
              this.lead()
            }, failed)
          },
          error: failed,
        }),
      )
  }

  end(): void {
    this.life.unsubscribe()
    this.sender?.stop()
  }

  /** Stores an entry and shows how it is doing, from `queued` until it is done, refused or discarded. */
  push(event: string, payload: unknown, givenKey: string | undefined): Observable<OutboxState> {
    return new Observable((subscriber) => {
      const key = givenKey ?? this.settings.newKey()
      const same = this.entries.find(key) ?? this.storing.get(key)
      if (!same) this.store(key, event, payload, subscriber)
      else if (JSON.stringify([same.entry.event, same.entry.payload]) === JSON.stringify([event, payload]))
        this.watch(same, subscriber)
      else subscriber.error(new KeyReused({ key }))
    })
  }

  /** Sends a refused entry again. */
  retry(key: string): Observable<void> {
    return defer(async () => {
      const kept = this.known(key)
      if (kept.entry.state.status !== 'refused') return
      await this.log.put(kept.id, { ...kept.entry, state: QUEUED })
      this.change(kept, QUEUED)
      this.sender?.add(kept)
    })
  }

  /** Takes an entry out. One that is being sent may have arrived. */
  discard(key: string): Observable<void> {
    return defer(async () => {
      const kept = this.known(key)
      await this.log.remove(kept.id)
      this.sender?.cancel(kept.id)
      this.change(kept, { status: 'discarded' })
    })
  }

  /** Sends without waiting any longer. Completes when nothing is queued. */
  flush(): Observable<never> {
    return defer(() => {
      this.sender?.flush()
      this.tell({ type: 'flush' })
      const empty$ = new Observable<void>((subscriber) => {
        const look = (): void => {
          if (this.entries.pending === 0 && this.storing.size === 0) subscriber.next()
        }
        subscriber.add(this.entries.changes$.subscribe(look))
        look()
      })
      return empty$.pipe(take(1), ignoreElements())
    })
  }

  private known(key: string): Kept {
    const kept = this.entries.find(key)
    if (!kept) throw new EntryUnknown({ key })
    return kept
  }

  private store(key: string, event: string, payload: unknown, subscriber: Subscriber<OutboxState>): void {
    const { log, settings, storing, entries } = this
    const id = entries.nextId(this.tab)
    const entry: OutboxEntry = {
      key,
      event,
      // As it will be read: what the caller changes later must not be sent.
      payload: JSON.parse(JSON.stringify(payload)) as unknown,
      at: settings.scheduler.now(),
      state: QUEUED,
    }
    const waiting: Kept = { id, entry, watchers: new Set([subscriber]) }
    storing.set(key, waiting)
    log.put(id, entry).then(
      () => {
        storing.delete(key)
        if (this.life.closed) return
        const kept = entries.add(id, entry)
        for (const watcher of waiting.watchers) this.watch(kept, watcher)
        this.tell({ type: 'entry', id, entry })
        this.sender?.add(kept)
      },
      (error: unknown) => {
        storing.delete(key)
        for (const watcher of waiting.watchers) watcher.error(error)
        entries.touch()
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

  /** Brings memory in step with the store. Only in a tab that does not send. */
  private async reload(): Promise<void> {
    // What is stored or heard meanwhile is newer than what is read.
    const before = new Map(this.entries.all().map((kept) => [kept.id, kept.entry]))
    const stored = new Map(await this.log.load())
    if (this.life.closed || this.sender) return
    for (const [id, entry] of stored) if (!this.entries.get(id)) this.entries.add(id, entry)
    for (const [id, entry] of before) {
      const kept = this.entries.get(id)
      if (kept?.entry !== entry) continue
      const found = stored.get(id)
      // Another tab has sent it and could not tell.
      if (!found) this.entries.change(kept, { status: 'done', response: undefined })
      else if (found.state.status !== entry.state.status) this.entries.change(kept, found.state)
    }
  }

  private lead(): void {
    if (this.life.closed) return
    const sender = new Sender(this.channel, this.settings, (kept, state) => {
      // Before anybody hears of it: one who discards a refused entry then must not see it come back. A done one that stays
      // is sent again after a restart, which its key makes harmless.
      if (state.status === 'done') this.log.remove(kept.id).catch(noop)
      else if (state.status === 'refused') this.log.put(kept.id, { ...kept.entry, state }).catch(noop)
      this.change(kept, state)
    })
    this.sender = sender
    this.tell({ type: 'leader' })
    for (const kept of this.entries.all()) {
      // So the last news of the tab before.
      if (kept.entry.state.status === 'sending') this.change(kept, QUEUED)
      sender.add(kept)
    }
  }

  private hear(news: News): void {
    if (news.type === 'leader')
      this.reload().catch(noop) // the store of this tab has failed, as its next push will show
    else if (news.type === 'newcomer') this.tellSending()
    else if (news.type === 'flush') this.sender?.flush()
    else this.follow(news.id, news.entry)
  }

  /** Another tab has changed an entry. */
  private follow(id: string, entry: OutboxEntry): void {
    const { sender } = this
    const { status } = entry.state
    let kept = this.entries.get(id)
    // The tab that sends knows best, but for the wishes of users: other news come late, from one that sent before.
    const isWish = status === 'discarded' || (status === 'queued' && kept?.entry.state.status === 'refused')
    if (kept && (!sender || isWish)) {
      sender?.cancel(id)
      this.entries.change(kept, entry.state)
    } else if (!kept && status === 'queued') kept = this.entries.add(id, entry)
    if (!sender) return
    // Again, since it may have been refused here and stored as such meanwhile.
    if (status === 'discarded') this.log.remove(id).catch(noop)
    if (status === 'queued' && kept) sender.add(kept)
  }

  private tellSending(): void {
    if (!this.sender) return
    for (const { id, entry } of this.entries.all())
      if (entry.state.status === 'sending') this.tell({ type: 'entry', id, entry })
  }

  private tell(news: News): void {
    this.news?.postMessage(news)
  }

  private change(kept: Kept, state: OutboxState): void {
    this.entries.change(kept, state)
    this.tell({ type: 'entry', id: kept.id, entry: kept.entry })
  }
}
