import { type SchedulerLike, type Subscription, type Unsubscribable } from 'rxjs'

/** No platform reports when its buffer has drained, so it is polled, this often. */
const LOOK_AGAIN_MS = 10

interface Waiting {
  readonly highWaterMark: number
  readonly send: () => void
}

/**
 * Sends that wait until the transport has caught up: sent in order, each when no more than its high-water mark is buffered.
 * No timer runs while nobody waits.
 */
export class Backlog {
  private readonly waiting: Set<Waiting> = new Set()
  private timer: Subscription | undefined
  private draining = false

  constructor(
    private readonly link: { readonly bufferedAmount: number },
    private readonly scheduler: SchedulerLike,
  ) {}

  /** Calls `send` now, or when there is room and all in front have been called. */
  add(highWaterMark: number, send: () => void): Unsubscribable {
    const waiting = { highWaterMark, send }
    this.waiting.add(waiting)
    this.drain()
    return {
      unsubscribe: () => {
        this.waiting.delete(waiting)
        if (this.waiting.size === 0) this.timer?.unsubscribe()
      },
    }
  }

  private drain(): void {
    // Whoever comes while one is sent, such as the next of a `concatMap`, has its turn in the loop: thousands would
    // overflow the stack.
    if (this.draining) return
    this.draining = true
    this.timer?.unsubscribe()
    try {
      for (const waiting of this.waiting) {
        if (this.link.bufferedAmount > waiting.highWaterMark) {
          this.timer = this.scheduler.schedule(() => {
            this.drain()
          }, LOOK_AGAIN_MS)
          return
        }
        this.waiting.delete(waiting)
        waiting.send()
      }
    } finally {
      this.draining = false
    }
  }
}
