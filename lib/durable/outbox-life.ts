import {
  defer,
  ignoreElements,
  merge,
  noop,
  Observable,
  of,
  race,
  retry,
  Subject,
  type Subscriber,
  Subscription,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs'
import { Queue } from '../awaiting/queue.ts'
import { type Channel, type PushError } from '../index.ts'
import { Entries, type Kept } from './entries.ts'
import { EntryUnknown, KeyReused } from './outbox-error.ts'
import { type OutboxEntry, type OutboxState, type Refusal } from './outbox-entry.ts'
import { type OutboxSettings } from './outbox-options.ts'
import { type EntryLog } from './outbox-store.ts'
import { leadership, type TabChannel } from './tabs.ts'

/** What tabs tell each other. */
type News =
  { readonly type: 'entry'; readonly id: string; readonly entry: OutboxEntry } | { readonly type: 'leader' }

const QUEUED: OutboxState = { status: 'queued' }

/** An outbox while somebody is subscribed: the entries in memory, and the sending of them if this tab does that. */
export class OutboxLife {
  readonly entries: Entries = new Entries()
  private readonly channel: Channel
  private readonly log: EntryLog
  private readonly settings: OutboxSettings
  private readonly tab: string
  private readonly life: Subscription = new Subscription()
  private readonly sending: Map<string, Subscription> = new Map()
  private readonly queue: Queue<Kept> = new Queue()
  /** Do not wait any longer. */
  private readonly flush$: Subject<void> = new Subject()
  /** Entries on their way to the store, by key. */
  private readonly storing: Map<string, Kept> = new Map()
  private news: TabChannel | undefined
  private leads = false
  private held: Subscription | undefined
  private starting = false

  constructor(channel: Channel, log: EntryLog, settings: OutboxSettings) {
    this.channel = channel
    this.log = log
    this.settings = settings
    this.tab = settings.newKey().slice(0, 8)
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
    if (!tabs) this.lead()
    else
      this.life.add(
        leadership(tabs.locks, `rx-phoenix-outbox ${name}`).subscribe({
          next: () => {
            // What the last one did and could not tell is in the store.
            this.reload().then(() => {
              this.lead()
            }, failed)
          },
          error: failed,
        }),
      )
  }

  end(): void {
    this.leads = false
    this.life.unsubscribe()
    for (const subscription of this.sending.values()) subscription.unsubscribe()
    this.held?.unsubscribe()
  }

  /** Stores an entry and shows how it is doing, from `queued` until it is done, refused or discarded. */
  push(event: string, payload: unknown, givenKey: string | undefined): Observable<OutboxState> {
    return new Observable((subscriber) => {
      const key = givenKey ?? this.settings.newKey()
      const same = this.entries.find(key) ?? this.storing.get(key)
      if (same) {
        const text = JSON.stringify([event, payload])
        if (JSON.stringify([same.entry.event, same.entry.payload]) !== text) {
          subscriber.error(new KeyReused({ key }))
          return
        }
        this.watch(same, subscriber, this.storing.has(key))
        return
      }
      const id = this.entries.nextId(this.tab)
      // As it will be read: what the caller changes later must not be sent.
      const stored = JSON.parse(JSON.stringify(payload)) as unknown
      const entry: OutboxEntry = {
        key,
        event,
        payload: stored,
        at: this.settings.scheduler.now(),
        state: QUEUED,
      }
      const waiting: Kept = { id, entry, watchers: new Set([subscriber]) }
      this.storing.set(key, waiting)
      this.log.put(id, entry).then(
        () => {
          this.storing.delete(key)
          if (this.life.closed) return
          const kept = this.entries.add(id, entry)
          for (const watcher of waiting.watchers) this.watch(kept, watcher, false)
          this.tell({ type: 'entry', id, entry })
          this.enqueue(kept)
        },
        (error: unknown) => {
          this.storing.delete(key)
          for (const watcher of waiting.watchers) watcher.error(error)
        },
      )
    })
  }

  /** Sends a refused entry again. */
  retry(key: string): Observable<void> {
    return defer(async () => {
      const kept = this.known(key)
      if (kept.entry.state.status !== 'refused') return
      await this.log.put(kept.id, { ...kept.entry, state: QUEUED })
      this.change(kept, QUEUED)
      this.enqueue(kept)
    })
  }

  /** Takes an entry out. One that is being sent may have arrived. */
  discard(key: string): Observable<void> {
    return defer(async () => {
      const kept = this.known(key)
      await this.log.remove(kept.id)
      this.sending.get(kept.id)?.unsubscribe()
      this.change(kept, { status: 'discarded' })
    })
  }

  /** Sends without waiting any longer. Completes when nothing is queued. */
  flush(): Observable<never> {
    return defer(() => {
      this.flush$.next()
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

  private watch(kept: Kept, subscriber: Subscriber<OutboxState>, storing: boolean): void {
    kept.watchers.add(subscriber)
    subscriber.add(() => kept.watchers.delete(subscriber))
    if (storing) return
    subscriber.next(kept.entry.state)
    if (kept.entry.state.status === 'refused') subscriber.complete()
  }

  /** Brings memory in step with the store. */
  private async reload(): Promise<void> {
    const stored = new Map(await this.log.load())
    for (const [id, entry] of stored) {
      const kept = this.entries.get(id)
      if (!kept) this.enqueue(this.entries.add(id, entry))
      else if (kept.entry.state.status !== entry.state.status) this.entries.change(kept, entry.state)
    }
    // Another tab has sent it and could not tell.
    for (const kept of this.entries.all())
      if (!stored.has(kept.id)) this.entries.change(kept, { status: 'done', response: undefined })
  }

  private lead(): void {
    if (this.life.closed) return
    this.leads = true
    this.tell({ type: 'leader' })
    for (const kept of this.entries.all()) this.enqueue(kept)
    this.sendNext()
  }

  private hear(news: News): void {
    if (news.type === 'leader') {
      this.reload().catch(noop) // the store of this tab has failed, and its next push tells
      return
    }
    const { id, entry } = news
    const kept = this.entries.get(id)
    if (!kept) {
      if (entry.state.status === 'queued') this.enqueue(this.entries.add(id, entry))
      return
    }
    if (entry.state.status === 'discarded') this.sending.get(id)?.unsubscribe()
    this.entries.change(kept, entry.state)
    if (entry.state.status === 'queued') this.enqueue(kept)
  }

  private tell(news: News): void {
    this.news?.postMessage(news)
  }

  private change(kept: Kept, state: OutboxState): void {
    this.entries.change(kept, state)
    this.tell({ type: 'entry', id: kept.id, entry: kept.entry })
  }

  private enqueue(kept: Kept): void {
    if (!this.leads || kept.entry.state.status !== 'queued') return
    this.queue.add(kept)
    this.sendNext()
  }

  private sendNext(): void {
    // Once is enough: an entry that ends within its own sending comes back here.
    if (this.starting) return
    this.starting = true
    while (this.leads && this.queue.size > 0 && this.sending.size < this.settings.concurrency) {
      const kept = this.queue.take()
      // It may have been discarded meanwhile, or be in the queue twice.
      const current = this.entries.get(kept.id) === kept && kept.entry.state.status === 'queued'
      if (current && !this.sending.has(kept.id)) this.send(kept)
    }
    this.starting = false
    if (this.sending.size === 0) this.held?.unsubscribe()
  }

  private send(kept: Kept): void {
    const { id } = kept
    const subscription = new Subscription()
    this.sending.set(id, subscription)
    subscription.add(() => {
      this.sending.delete(id)
      this.sendNext()
    })
    subscription.add(
      this.attempts(kept).subscribe({
        next: (response) => {
          this.change(kept, { status: 'done', response })
          // One that stays is sent again after a restart, which its key makes harmless.
          this.log.remove(id).catch(noop)
        },
        error: (error: unknown) => {
          this.change(kept, { status: 'refused', error: refusalOf(error) })
          this.log.put(id, kept.entry).catch(noop)
          subscription.unsubscribe()
        },
        complete: () => {
          subscription.unsubscribe()
        },
      }),
    )
  }

  private attempts(kept: Kept): Observable<unknown> {
    const { retry: policy, scheduler, maxAgeMs, maxAttempts, timeoutMs, withKey } = this.settings
    const { key, event, payload, at } = kept.entry
    let attempt = 0
    const expired$ =
      maxAgeMs === Infinity
        ? new Observable<never>()
        : timer(Math.max(0, at + maxAgeMs - scheduler.now()), scheduler).pipe(
            tap(() => {
              throw new Expired(maxAgeMs)
            }),
          )
    return merge(
      expired$.pipe(ignoreElements()),
      defer(() => {
        this.hold()
        this.change(kept, { status: 'sending', attempt })
        return this.channel.push(event, withKey(payload, key), timeoutMs === undefined ? {} : { timeoutMs })
      }).pipe(
        retry({
          delay: (error: PushError) => {
            if (error._tag === 'PushRefused' || error._tag === 'InvalidPayload')
              return throwError(() => error)
            // It was not sent: the channel was not joined, which is what it goes on waiting for.
            if ('sent' in error && !error.sent && error._tag !== 'ChannelClosed') return of(0)
            attempt += 1
            const next = attempt >= maxAttempts ? 'stop' : policy(error, attempt)
            if (typeof next !== 'number') return throwError(() => (next === 'stop' ? error : next))
            return race(timer(next, scheduler), this.flush$).pipe(take(1))
          },
        }),
      ),
    ).pipe(take(1))
  }

  /** Stays joined while there is something to send, so that the policies of the socket decide when to try again. */
  private hold(): void {
    if (this.held && !this.held.closed) return
    this.held = this.channel.subscribe({ error: noop })
  }
}

class Expired extends Error {
  readonly _tag = 'Expired'
  constructor(maxAgeMs: number) {
    super(`It could not be sent within ${maxAgeMs} ms; retry it, or discard it.`)
  }
}

const refusalOf = (error: unknown): Refusal => {
  const { _tag, message, response } = Object(error) as Partial<
    Record<'_tag' | 'message' | 'response', unknown>
  >
  return {
    tag: typeof _tag === 'string' ? _tag : 'Error',
    message: typeof message === 'string' ? message : String(error),
    ...(response !== undefined && { response }),
  }
}
