import {
  defer,
  map,
  merge,
  NEVER,
  noop,
  type Observable,
  of,
  race,
  retry,
  Subject,
  Subscription,
  take,
  throwError,
  timer,
} from 'rxjs'
import { Queue } from '../awaiting/queue.ts'
import { type Channel, type PushError } from '../index.ts'
import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type Kept } from './entries.ts'
import { type OutboxState } from './outbox-entry.ts'
import { type OutboxSettings } from './outbox-options.ts'
import { refusalOf } from './refusal-of.ts'

/** Sends the entries of an outbox, in order, each until the server has replied or the entry has expired. */
export class Sender {
  private readonly queue: Queue<Kept> = new Queue()
  /** The entries that are being sent, by id. */
  private readonly sending: Map<string, Subscription> = new Map()
  private readonly flush$: Subject<void> = new Subject()
  private joined: Subscription = Subscription.EMPTY
  private starting = false
  private stopped = false

  /** @param changed - called with each new state of an entry */
  constructor(
    private readonly channel: Channel,
    private readonly settings: OutboxSettings,
    private readonly changed: (kept: Kept, state: OutboxState) => void,
  ) {}

  /** Sends an entry when its turn comes. */
  add(kept: Kept): void {
    this.queue.add(kept)
    this.next()
  }

  /** Stops sending an entry. It may have arrived. */
  cancel(id: string): void {
    this.sending.get(id)?.unsubscribe()
  }

  /** Makes the next attempts now instead of when they are due. */
  flush(): void {
    this.flush$.next()
  }

  stop(): void {
    this.stopped = true
    for (const subscription of this.sending.values()) subscription.unsubscribe()
    this.joined.unsubscribe()
  }

  private next(): void {
    // One loop is enough: an entry that is done within `send` leads here again.
    if (this.starting) return
    this.starting = true
    while (!this.stopped && this.queue.size > 0 && this.sending.size < this.settings.concurrency) {
      const kept = this.queue.take()
      // It may have been discarded meanwhile, or be in the queue twice.
      if (kept.entry.state.status === 'queued' && !this.sending.has(kept.id)) this.send(kept)
    }
    this.starting = false
    if (this.sending.size === 0) this.joined.unsubscribe()
  }

  private send(kept: Kept): void {
    const subscription = new Subscription(() => {
      this.sending.delete(kept.id)
      this.next()
    })
    this.sending.set(kept.id, subscription)
    subscription.add(
      this.attempts(kept).subscribe({
        next: (response) => {
          this.changed(kept, { status: 'done', response })
        },
        error: (error: unknown) => {
          this.changed(kept, { status: 'refused', error: refusalOf(error) })
          subscription.unsubscribe()
        },
        complete: () => {
          subscription.unsubscribe()
        },
      }),
    )
  }

  /** Emits the response of the server. */
  private attempts(kept: Kept): Observable<unknown> {
    const { maxAgeMs, timeoutMs, withKey } = this.settings
    const { key, event, payload } = kept.entry
    return defer(() => {
      const leftMs = this.leftMs(kept)
      // Not left to the timer, since an attempt on a joined channel would come before it.
      if (leftMs <= 0) throw new Expired(maxAgeMs)
      const keyed = withKey(payload, key)
      // It would go out as an empty payload.
      if (keyed === undefined)
        throw new InvalidArgument('withKey', keyed, DEV && 'return the payload with its key.')
      let attempt = 0
      const push$ = defer(() => {
        this.stayJoined()
        this.changed(kept, { status: 'sending', attempt })
        return this.channel.push(event, keyed, timeoutMs === undefined ? {} : { timeoutMs })
      }).pipe(retry({ delay: (error: PushError) => this.delay(error, () => (attempt += 1)) }))
      return merge(this.expiry(leftMs), push$).pipe(take(1))
    })
  }

  /** Emits when an entry is to be sent again, or errors if it is not. */
  private delay(error: PushError, count: () => number): Observable<unknown> {
    const { retry: policy, maxAttempts, scheduler } = this.settings
    const { _tag: tag, sent } = Object(error) as { readonly _tag?: string; readonly sent?: boolean }
    if (FINAL.has(tag)) return throwError(() => error)
    // The channel was not joined: the next attempt waits for that, and this one did not count.
    if (sent === false && tag !== 'ChannelClosed') return of(0)
    const attempt = count()
    const next = attempt >= maxAttempts ? 'stop' : policy(error, attempt)
    if (typeof next !== 'number') return throwError(() => (next === 'stop' ? error : next))
    return race(timer(next, scheduler), this.flush$).pipe(take(1))
  }

  private leftMs({ entry: { at } }: Kept): number {
    const { maxAgeMs, scheduler } = this.settings
    // A clock that was set back must not make an entry live longer.
    return Math.min(maxAgeMs, at + maxAgeMs - scheduler.now())
  }

  private expiry(leftMs: number): Observable<never> {
    const { maxAgeMs, scheduler } = this.settings
    if (leftMs === Infinity) return NEVER
    return timer(leftMs, scheduler).pipe(
      map(() => {
        throw new Expired(maxAgeMs)
      }),
    )
  }

  /** Stays joined while there is something to send, so that the policies of the socket decide when to reconnect. */
  private stayJoined(): void {
    if (this.joined.closed) this.joined = this.channel.subscribe({ error: noop })
  }
}

/** Errors that would come again if the entry were sent again. */
const FINAL: ReadonlySet<string | undefined> = new Set(['PushRefused', 'InvalidPayload', 'InvalidArgument'])

class Expired extends Error {
  readonly _tag = 'Expired'
  constructor(maxAgeMs: number) {
    super(`It could not be sent within ${maxAgeMs} ms; retry it, or discard it.`)
  }
}
