import { type SchedulerLike, type Subscription } from 'rxjs'

/** How long the end of a join that was left is waited for, in ms. Phoenix sends it immediately. */
const FORGOTTEN_AFTER_MS = 10_000

/**
 * The joins that have been left and whose `phx_close` has not come: the server still counts them. A server does not answer
 * every leave, and does not close every join, so old ones are forgotten, whenever somebody looks, which takes no timer.
 */
export class Leaves {
  /** By join_ref, the oldest first; with what waits for the reply. */
  private readonly leaves = new Map<string, { readonly sentAt: number; readonly reply: Subscription }>()

  constructor(private readonly scheduler: Pick<SchedulerLike, 'now'>) {}

  /** How many joins the server still counts. */
  get size(): number {
    this.forget()
    return this.leaves.size
  }

  add(joinRef: string, reply: Subscription): void {
    this.forget()
    this.leaves.set(joinRef, { reply, sentAt: this.scheduler.now() })
  }

  /** The server has ended a join. False if it had not been left, or long ago. */
  delete(joinRef: string): boolean {
    // It does not answer a leave whose join is gone.
    this.leaves.get(joinRef)?.reply.unsubscribe()
    return this.leaves.delete(joinRef)
  }

  /** Forgets those that are too old. */
  forget(): void {
    const now = this.scheduler.now()
    for (const [joinRef, { sentAt }] of this.leaves) {
      // Below 0: the clock was set back.
      if (now - sentAt >= 0 && now - sentAt < FORGOTTEN_AFTER_MS) return
      this.delete(joinRef)
    }
  }
}
