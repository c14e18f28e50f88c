import { noop, Subscription } from 'rxjs'
import { type Channel } from '../index.ts'
import { Entries, type Kept } from './entries.ts'
import { type OutboxEntry, type OutboxState } from './outbox-entry.ts'
import { type OutboxSettings } from './outbox-options.ts'
import { type EntryLog } from './outbox-store.ts'
import { Sender } from './sender.ts'
import { type TabMessage } from './tab-message.ts'
import { leadership, type TabChannel } from './tabs.ts'

/**
 * An outbox from its first subscriber to its last: the entries in memory, kept the same in all tabs, and the sender, if it is
 * this tab that sends.
 */
export class OutboxLife {
  readonly entries: Entries = new Entries()
  private readonly life: Subscription = new Subscription()
  private others: TabChannel | undefined
  /** Undefined while another tab sends. */
  private sender: Sender | undefined

  constructor(
    private readonly channel: Channel,
    private readonly log: EntryLog,
    private readonly settings: OutboxSettings,
  ) {}

  async begin(failed: (error: unknown) => void): Promise<void> {
    const { tabs, name } = this.settings
    const others = tabs?.channel(`rx-phoenix-outbox ${name}`)
    // Before the entries are read, so that no message of another tab falls in between.
    if (others) {
      this.others = others
      others.onmessage = ({ data }) => {
        this.receive(data as TabMessage)
      }
      this.life.add(() => {
        others.close()
      })
    }
    await this.reload()
    if (this.life.closed) return
    // An entry that is being sent is stored as queued.
    this.post({ type: 'newcomer' })
    if (!tabs) this.lead()
    else
      this.life.add(
        leadership(tabs.locks, `rx-phoenix-outbox ${name}`).subscribe({
          next: () => {
            // What the previous leader did last may be in the store only.
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

  get hasEnded(): boolean {
    return this.life.closed
  }

  /** Adds an entry that has been stored, here and in the other tabs. */
  add(id: string, entry: OutboxEntry): Kept {
    const kept = this.entries.add(id, entry)
    this.post({ type: 'entry', id, entry })
    return kept
  }

  /** Changes the state of an entry, here and in the other tabs. */
  change(kept: Kept, state: OutboxState): void {
    this.entries.change(kept, state)
    this.post({ type: 'entry', id: kept.id, entry: kept.entry })
  }

  /** Sends an entry when its turn comes. Does nothing in a tab that does not send: the one that does has received the entry. */
  send(kept: Kept): void {
    this.sender?.add(kept)
  }

  /** Stops sending an entry. */
  cancel(id: string): void {
    this.sender?.cancel(id)
  }

  /** Sends without waiting for the next attempt, in whichever tab sends. */
  flush(): void {
    this.sender?.flush()
    this.post({ type: 'flush' })
  }

  /** Brings memory in step with the store. Only in a tab that does not send. */
  private async reload(): Promise<void> {
    // What is stored or received meanwhile is newer than what is read.
    const before = new Map(this.entries.all().map((kept) => [kept.id, kept.entry]))
    const stored = new Map(await this.log.load())
    if (this.life.closed || this.sender) return
    for (const [id, entry] of stored) if (!this.entries.get(id)) this.entries.add(id, entry)
    for (const [id, entry] of before) {
      const kept = this.entries.get(id)
      if (kept?.entry !== entry) continue
      const found = stored.get(id)
      // Another tab has sent it, and was closed before it could report that.
      if (!found) this.entries.change(kept, { status: 'done', response: undefined })
      else if (found.state.status !== entry.state.status) this.entries.change(kept, found.state)
    }
  }

  /** From now on this tab sends. */
  private lead(): void {
    if (this.life.closed) return
    const sender = new Sender(this.channel, this.settings, (kept, state) => {
      // Stored before it is shown: a refused entry that is discarded in response must not come back. A done one that cannot be
      // removed is sent again after a restart, which its key makes harmless.
      if (state.status === 'done') this.log.remove(kept.id).catch(noop)
      else if (state.status === 'refused') this.log.put(kept.id, { ...kept.entry, state }).catch(noop)
      this.change(kept, state)
    })
    this.sender = sender
    this.post({ type: 'leader' })
    for (const kept of this.entries.all()) {
      // The last that the previous leader reported of it.
      if (kept.entry.state.status === 'sending') this.change(kept, { status: 'queued' })
      sender.add(kept)
    }
  }

  private receive(message: TabMessage): void {
    if (message.type === 'leader')
      this.reload().catch(noop) // the store of this tab has failed, as its next push will show
    else if (message.type === 'newcomer') this.postSending()
    else if (message.type === 'flush') this.sender?.flush()
    else this.follow(message.id, message.entry)
  }

  /** Another tab has changed an entry. */
  private follow(id: string, entry: OutboxEntry): void {
    const { sender } = this
    const { status } = entry.state
    let kept = this.entries.get(id)
    // The tab that sends has the newest state, except for what users ask for in other tabs: anything else comes late, from a
    // previous leader.
    const isRequest =
      status === 'discarded' || (status === 'queued' && kept?.entry.state.status === 'refused')
    if (kept && (!sender || isRequest)) {
      sender?.cancel(id)
      this.entries.change(kept, entry.state)
    } else if (!kept && status === 'queued') kept = this.entries.add(id, entry)
    if (!sender) return
    // Again, since it may have been refused here, and stored as such, meanwhile.
    if (status === 'discarded') this.log.remove(id).catch(noop)
    if (status === 'queued' && kept) sender.add(kept)
  }

  private postSending(): void {
    if (!this.sender) return
    for (const { id, entry } of this.entries.all())
      if (entry.state.status === 'sending') this.post({ type: 'entry', id, entry })
  }

  private post(message: TabMessage): void {
    this.others?.postMessage(message)
  }
}
