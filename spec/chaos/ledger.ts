import { isDeepStrictEqual } from 'node:util'
import { Observable } from 'rxjs'
import { type PushError } from '../../lib/index.ts'
import { type Chronicle } from './chronicle.ts'
import { fairNow } from './fair-clock.ts'

/** What the server is to do with a push: an event of the contract app. */
export interface PushKind {
  readonly event: string
  /** True if every arrival at the server shows, as a broadcast of the payload. */
  readonly shows: boolean
  /** Whether the server may have answered so. */
  readonly truth: (payload: unknown, response: unknown) => boolean
  /** What `PushRefused` may say, besides that the topic is not joined. */
  readonly refusal?: (payload: unknown, response: unknown) => boolean
  /** True if it is sent without a wish for a reply. */
  readonly isSend?: boolean
}

/** One subscription to a push, from its beginning to its one end. */
interface Entry {
  readonly id: string
  readonly kind: PushKind
  readonly dueAt: number
  values: number
  seen: number
  /** Undefined while it is under way. */
  outcome?: 'value' | 'cancelled' | PushError
}

/** Errors with which a push may end while channels are neither refused nor held with other options. */
const expected: Set<string> = new Set([
  'PushRefused',
  'PushTimeout',
  'ConnectionLost',
  'ChannelCrashed',
  'ChannelClosed',
])

/** How much later than its timeout a push may settle on a busy machine. */
const SLACK_MS = 3_000

/** All pushes of a run, and what the server has seen of them. */
export class Ledger {
  readonly outcomes: Map<string, number> = new Map()
  tracked = 0
  readonly #chronicle: Chronicle
  readonly #entries: Map<string, Entry> = new Map()
  /** Payloads of pushes, none of which may be held once they are settled. */
  #payloads: WeakRef<object>[] = []

  constructor(chronicle: Chronicle) {
    this.#chronicle = chronicle
  }

  /** Tracks each subscription of a push. `make` is given the payload of this one. */
  track(
    client: string,
    kind: PushKind,
    extra: object,
    timeoutMs: number,
    make: (payload: object) => Observable<unknown>,
  ): Observable<unknown> {
    return new Observable((subscriber) => {
      const id = `${client}-${++this.tracked}`
      const payload = { id, ...extra }
      this.#payloads.push(new WeakRef(payload))
      const entry: Entry = { id, kind, dueAt: fairNow() + timeoutMs, values: 0, seen: 0 }
      this.#entries.set(id, entry)
      // Not the payload: it must be free to go. A copy has the same value.
      const copy = { ...payload }
      const sent = make(payload).subscribe({
        next: (response) => {
          this.#value(entry, copy, response)
          subscriber.next(response)
        },
        error: (error: PushError) => {
          this.#failed(entry, copy, error)
          subscriber.error(error)
        },
        complete: () => {
          this.#completed(entry)
          subscriber.complete()
        },
      })
      return () => {
        if (!entry.outcome) this.#settle(entry, 'cancelled')
        sent.unsubscribe()
      }
    })
  }

  /** The server has taken in a push. */
  seen(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    entry.seen += 1
    if (entry.seen > 1) this.#violated('a push is sent once', entry)
    if (wasNotSent(entry.outcome)) this.#violated('a push with `sent: false` was not sent', entry)
  }

  get pending(): number {
    let pending = 0
    for (const { outcome } of this.#entries.values()) if (!outcome) pending += 1
    return pending
  }

  /** Every push settles within its time. */
  checkDeadlines(lagMs: number): void {
    const now = fairNow()
    for (const entry of this.#entries.values())
      if (!entry.outcome && now > entry.dueAt + SLACK_MS + lagMs)
        this.#violated('a push settles within its timeout', entry)
  }

  /** Once all are settled and the server has been asked: those that succeeded were seen. Forgets them. */
  checkSeen(): void {
    for (const entry of this.#entries.values()) {
      if (!entry.kind.shows) continue
      if (entry.outcome === 'value' && !entry.kind.isSend && entry.seen !== 1)
        this.#violated('a push that succeeded was seen by the server', entry)
    }
    this.#entries.clear()
  }

  /** How many payloads of settled pushes are still held by somebody. To be asked after a garbage collection. */
  heldPayloads(): number {
    this.#payloads = this.#payloads.filter((ref) => ref.deref() !== undefined)
    return this.#payloads.length
  }

  #value(entry: Entry, payload: unknown, response: unknown): void {
    entry.values += 1
    if (entry.outcome || entry.values > 1) this.#violated('a push gives one value', entry)
    if (!entry.kind.truth(payload, response))
      this.#violated('a push gives the response of its own reply', entry, response)
  }

  #completed(entry: Entry): void {
    if (entry.values !== (entry.kind.isSend ? 0 : 1))
      this.#violated('a push completes after one value', entry)
    this.#settle(entry, 'value')
  }

  #failed(entry: Entry, payload: unknown, error: PushError): void {
    if (entry.values > 0) this.#violated('a push gives a value or an error', entry, error)
    if (!expected.has(error._tag)) this.#violated('a push fails for a reason that was given', entry, error)
    if (
      error._tag === 'PushRefused' &&
      !isUnmatched(error.response) &&
      !entry.kind.refusal?.(payload, error.response)
    )
      this.#violated('a push is refused as the server said', entry, error.response)
    this.#settle(entry, error)
    if (wasNotSent(error) && entry.seen > 0) this.#violated('a push with `sent: false` was not sent', entry)
  }

  #settle(entry: Entry, outcome: NonNullable<Entry['outcome']>): void {
    if (entry.outcome) this.#violated('a push settles once', entry)
    entry.outcome = outcome
    const name = typeof outcome === 'string' ? outcome : outcome._tag
    const told =
      name + (typeof outcome === 'object' && 'sent' in outcome && !outcome.sent ? ', not sent' : '')
    this.outcomes.set(told, (this.outcomes.get(told) ?? 0) + 1)
  }

  #violated(invariant: string, { id, kind, outcome, seen, values }: Entry, found?: unknown): void {
    const settled = typeof outcome === 'object' ? { tag: outcome._tag, message: outcome.message } : outcome
    this.#chronicle.violated(
      invariant,
      JSON.stringify({ id, event: kind.event, outcome: settled, seen, values, found }),
    )
  }
}

const wasNotSent = (outcome: Entry['outcome']): boolean =>
  typeof outcome === 'object' && 'sent' in outcome && !outcome.sent

const isUnmatched = (response: unknown): boolean => isDeepStrictEqual(response, { reason: 'unmatched topic' })
