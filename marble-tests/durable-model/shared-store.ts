import { type SchedulerLike } from 'rxjs'
import { type OutboxStore, type StoreOperation } from '../../lib/durable/index.ts'
import { type Process } from './links.ts'

/** One database, which outlives the processes that use it. */
export class SharedStore {
  private readonly kept: Map<string, string> = new Map()
  /** Nothing more can be written. */
  full = false
  private readonly scheduler: SchedulerLike
  private readonly writeMs: number

  constructor(scheduler: SchedulerLike, writeMs: number) {
    this.scheduler = scheduler
    this.writeMs = writeMs
  }

  get sorted(): readonly [key: string, value: string][] {
    return [...this.kept].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** As one process sees it: what it was writing when it died may be there or not. */
  openedBy(process: Process): OutboxStore {
    return {
      open: () => Promise.resolve(),
      batch: (operations) => this.write(process, operations),
      iterator: ({ gte, lt }) => {
        return inTurn(this.sorted.filter(([key]) => key >= gte && key < lt))
      },
    }
  }

  private async write(process: Process, operations: readonly StoreOperation[]): Promise<void> {
    if (this.writeMs > 0)
      await new Promise<void>((resolve) => {
        this.scheduler.schedule(() => {
          resolve()
        }, this.writeMs)
      })
    if (process.dead) return new Promise(() => undefined)
    if (this.full) throw new Error('QuotaExceededError')
    for (const operation of operations)
      if (operation.type === 'put') this.kept.set(operation.key, operation.value)
      else this.kept.delete(operation.key)
  }
}

/** Read as a database does it, with a turn for others between any two entries. */
async function* inTurn<A>(items: readonly A[]): AsyncIterable<A> {
  for (const item of items) {
    await Promise.resolve()
    yield item
  }
}
