import { type SchedulerLike } from 'rxjs'
import { type TabChannel, type Tabs } from '../../lib/durable/index.ts'
import { type Process } from './links.ts'

interface Waiter {
  readonly process: Process
  readonly signal: AbortSignal
  readonly hold: () => Promise<void>
  readonly resolve: () => void
}

/** Web Locks and BroadcastChannels of one origin, in virtual time. */
export class SharedTabs {
  private readonly scheduler: SchedulerLike
  private readonly delayMs: number
  private readonly channels: Map<TabChannel, Process> = new Map()
  private waiting: Waiter[] = []
  private holder: Process | undefined

  constructor(scheduler: SchedulerLike, delayMs: number) {
    this.scheduler = scheduler
    this.delayMs = delayMs
  }

  openedBy(process: Process): Tabs {
    return {
      locks: {
        request: (_name, { signal }, hold) =>
          new Promise<void>((resolve) => {
            this.waiting.push({ process, signal, hold, resolve })
            this.grant()
          }),
      },
      channel: () => {
        const channel: TabChannel = {
          onmessage: null,
          postMessage: (message) => {
            if (!process.dead) this.post(channel, structuredClone(message))
          },
          close: () => {
            this.channels.delete(channel)
          },
        }
        this.channels.set(channel, process)
        return channel
      },
    }
  }

  /** The browser takes back what a tab held that is gone. */
  died(process: Process): void {
    for (const [channel, owner] of [...this.channels]) if (owner === process) this.channels.delete(channel)
    this.waiting = this.waiting.filter((waiter) => waiter.process !== process)
    if (this.holder === process) this.holder = undefined
    this.grant()
  }

  private post(from: TabChannel, data: unknown): void {
    for (const [channel, process] of this.channels)
      if (channel !== from)
        this.scheduler.schedule(() => {
          if (!process.dead && this.channels.has(channel)) channel.onmessage?.({ data })
        }, this.delayMs)
  }

  private grant(): void {
    if (this.holder) return
    const next = this.waiting.shift()
    if (!next) return
    if (next.signal.aborted) {
      next.resolve()
      this.grant()
      return
    }
    this.holder = next.process
    const release = (): void => {
      next.resolve()
      if (this.holder !== next.process) return
      this.holder = undefined
      this.grant()
    }
    // Granted in a later turn, as in a browser.
    void Promise.resolve().then(next.hold).then(release, release)
  }
}
