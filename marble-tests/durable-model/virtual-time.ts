import { VirtualTimeScheduler } from 'rxjs'

/** A clock that stands still until it is moved on. */
export class VirtualTime {
  readonly scheduler: VirtualTimeScheduler = new VirtualTimeScheduler()

  /** Timers that have not fallen due. */
  get pending(): number {
    return this.scheduler.actions.length
  }

  now(): number {
    return this.scheduler.frame
  }

  advance(ms: number): void {
    this.moveTo(this.scheduler.frame + ms)
  }

  /** The same, with the Promises of each moment kept before the next one comes. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.scheduler.frame + ms
    await promises()
    for (let next = this.nextDue(end); next !== undefined; next = this.nextDue(end)) {
      this.moveTo(next)
      await promises()
    }
    this.moveTo(end)
  }

  private moveTo(frame: number): void {
    this.scheduler.maxFrames = frame
    this.scheduler.flush()
    this.scheduler.frame = frame
  }

  private nextDue(end: number): number | undefined {
    const due = Math.min(...this.scheduler.actions.map(({ delay }) => delay))
    return due <= end ? due : undefined
  }
}

/** All Promises that can be kept are kept. */
export const promises = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })
