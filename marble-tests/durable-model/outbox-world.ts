import { Subscription } from 'rxjs'
import { type Outbox, outbox, type OutboxEntry } from '../../lib/durable/index.ts'
import { type Message, phoenixSocket } from '../../lib/index.ts'
import { closed, crashed, errorTo, okTo } from '../../lib/testing/messages.ts'
import { Links, type Process, type ServerLink } from './links.ts'
import { type OutboxAction, type OutboxSetup } from './outbox-history.ts'
import { type Pushed, wrongWithOrder, wrongWithPushes } from './outbox-laws.ts'
import { SharedStore } from './shared-store.ts'
import { SharedTabs } from './shared-tabs.ts'
import { promises, VirtualTime } from './virtual-time.ts'

const TOPIC = 'orders'

interface Tab {
  readonly process: Process
  readonly outgoing: Outbox
  readonly life: Subscription
  entries: readonly OutboxEntry[]
}

/** Tabs with an outbox each on one store, and a server that takes a key once. */
export class OutboxWorld {
  readonly history: string[] = []
  private readonly setup: OutboxSetup
  private readonly time: VirtualTime = new VirtualTime()
  private readonly links: Links
  private readonly store: SharedStore
  private readonly tabs: SharedTabs
  private readonly open: Tab[] = []
  private readonly pushes: Map<string, Pushed> = new Map()
  /** The keys that were applied, in order; what was answered to each. */
  private readonly applied: string[] = []
  private readonly answers: Map<string, boolean> = new Map()
  private readonly troubles: ('lose push' | 'lose reply' | 'refuse')[] = []
  private readonly wrong: string[] = []
  private keys = 0

  constructor(setup: OutboxSetup) {
    this.setup = setup
    this.links = new Links(this.time.scheduler, setup.delayMs, (message, link) => {
      this.receive(message, link)
    })
    this.store = new SharedStore(this.time.scheduler, setup.writeMs)
    this.tabs = new SharedTabs(this.time.scheduler, 1)
  }

  /** Gives what is wrong. */
  async play(actions: readonly OutboxAction[]): Promise<readonly string[]> {
    for (let n = 0; n < this.setup.tabs; n++) await this.boot(n)
    for (const action of actions) await this.do(action)
    await this.calm()
    return this.wrong
  }

  private async do(action: OutboxAction): Promise<void> {
    const tab = 'tab' in action ? action.tab % this.setup.tabs : 0
    switch (action.type) {
      case 'push':
        this.push(tab)
        break
      case 'crash':
        await this.end(tab, true)
        await this.boot(tab)
        break
      case 'reload':
        await this.end(tab, false)
        await this.boot(tab)
        break
      case 'discard':
      case 'retry':
        this.change(action.type, tab, action.pick)
        break
      case 'flush':
        this.open[tab]?.life.add(this.open[tab].outgoing.flush().subscribe())
        break
      case 'lose push':
      case 'lose reply':
      case 'refuse':
        this.troubles.push(action.type)
        break
      case 'cut':
        this.links.cut()
        break
      case 'crash channel':
        for (const link of this.links.open) {
          const joinRef = link.joined.get(TOPIC)
          link.joined.clear()
          if (joinRef !== undefined) link.send(crashed(TOPIC, joinRef))
        }
        break
      case 'down':
        this.links.down = action.is
        if (action.is) this.links.cut()
        break
      case 'full':
        this.store.full = action.is
        break
      case 'time':
        await this.time.advanceAsync(action.ms)
    }
    await promises()
  }

  /** The troubles are over: what is queued is sent. Then everything has to be as it should. */
  private async calm(): Promise<void> {
    const { links, store, time, wrong } = this
    links.down = store.full = false
    this.troubles.length = 0
    await time.advanceAsync(5_000)
    // What could not be written while the store was full is sent again by the next process.
    for (let n = 0; n < this.setup.tabs; n++) {
      await this.end(n, false)
      await this.boot(n)
    }
    await time.advanceAsync(5_000)
    this.check()
    for (let n = 0; n < this.setup.tabs; n++) await this.end(n, false)
    await time.advanceAsync(100)
    if (time.pending > 0) wrong.push(`${time.pending} timers were left`)
    if (links.open.size > 0) wrong.push(`${links.open.size} connections were left`)
  }

  private check(): void {
    const { wrong } = this
    const left = this.store.sorted.map(([, text]) => JSON.parse(text) as OutboxEntry)
    for (const { key, state } of left)
      if (state.status !== 'refused') wrong.push(`${key} is still ${state.status}`)
    const shown = left.map(({ key }) => key).join()
    for (const { entries } of this.open)
      if (entries.map(({ key }) => key).join() !== shown)
        wrong.push(`a tab shows ${JSON.stringify(entries)}, the store has ${shown}`)
    const { pushes, applied, answers } = this
    const refused = new Set(left.map(({ key }) => key))
    wrong.push(...wrongWithPushes({ pushes, answers, refused }))
    if (this.setup.concurrency === 1) wrong.push(...wrongWithOrder({ pushes, applied }))
  }

  private async boot(n: number): Promise<void> {
    const process: Process = { name: `tab ${n}`, dead: false }
    const { scheduler } = this.time
    const socket = phoenixSocket('ws://localhost/socket', {
      transport: this.links.transport(process),
      scheduler,
      heartbeatIntervalMs: 0,
      reconnect: () => 10,
      rejoin: () => 10,
    })
    const outgoing = outbox(socket.channel(TOPIC), {
      store: this.store.openedBy(process),
      tabs: this.tabs.openedBy(process),
      newKey: () => `key-${(this.keys += 1)}`,
      concurrency: this.setup.concurrency,
      timeoutMs: 30,
      retry: () => 5,
      scheduler,
    })
    const tab: Tab = { process, outgoing, life: new Subscription(), entries: [] }
    this.open[n] = tab
    tab.life.add(
      outgoing.entries$.subscribe({
        next: (entries) => {
          tab.entries = entries
        },
        error: (error: unknown) => {
          this.wrong.push(`the outbox failed: ${String(error)}`)
        },
      }),
    )
    await promises()
  }

  private async end(n: number, crashes: boolean): Promise<void> {
    const tab = this.open[n]
    if (!tab) return
    for (const pushed of this.pushes.values()) if (pushed.tab === n) pushed.orphaned = true
    if (crashes) {
      tab.process.dead = true
      this.tabs.died(tab.process)
    }
    tab.life.unsubscribe()
    await promises()
  }

  private push(n: number): void {
    const tab = this.open[n]
    if (!tab) return
    const key = `key-${(this.keys += 1)}`
    const pushed: Pushed = {
      key,
      tab: n,
      n: this.keys,
      states: [],
      failed: undefined,
      orphaned: false,
      touched: false,
    }
    this.pushes.set(key, pushed)
    tab.life.add(
      tab.outgoing.push('order', { n: pushed.n }, { key }).subscribe({
        next: (state) => {
          if (!tab.process.dead) pushed.states.push(state)
        },
        error: (error: { readonly _tag: string }) => {
          pushed.failed = error._tag
        },
      }),
    )
  }

  private change(what: 'discard' | 'retry', n: number, pick: number): void {
    const tab = this.open[n]
    const entry = tab?.entries[pick % Math.max(1, tab.entries.length)]
    if (!tab || !entry) return
    const pushed = this.pushes.get(entry.key)
    if (what === 'retry' && entry.state.status !== 'refused') return
    if (pushed) pushed.touched = true
    // The entry may be done by then, and the store full.
    tab.life.add(tab.outgoing[what](entry.key).subscribe({ error: () => undefined }))
  }

  private receive(message: Message, link: ServerLink): void {
    const { event, topic, joinRef } = message
    if (event === 'phx_join') {
      link.joined.set(topic, joinRef ?? '')
      link.send(okTo(message))
    } else if (event === 'phx_leave') {
      link.joined.delete(topic)
      link.send(okTo(message))
      link.send(closed(topic, joinRef ?? ''))
    } else if (link.joined.get(topic) === joinRef) this.take(message, link)
  }

  /** Takes a key once, and answers it alike each time. */
  private take(message: Message, link: ServerLink): void {
    const trouble = this.troubles.shift()
    if (trouble === 'lose push') return
    const { idempotency_key: key } = message.payload as { readonly idempotency_key: string }
    const known = this.answers.get(key)
    const pushed = this.pushes.get(key)
    const accepted = known ?? trouble !== 'refuse'
    if (known === undefined) {
      if (accepted) this.applied.push(key)
      this.answers.set(key, accepted)
    }
    // A refused one that is sent again at the user's wish is accepted.
    if (known === false && pushed?.touched) {
      this.answers.set(key, true)
      this.applied.push(key)
    }
    if (trouble === 'lose reply') return
    link.send(this.answers.get(key) ? okTo(message, { key }) : errorTo(message, { reason: 'no' }))
  }
}
