import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  map,
  type Observable,
  of,
  startWith,
  Subject,
  Subscription,
  switchMap,
  timer,
} from 'rxjs'
import { type Fold, type FoldHost } from '../channel/fold.ts'
import { DecodeFailed, shownPayload } from '../protocol/decode-failed.ts'
import { type Message } from '../protocol/message.ts'
import { type Dialect } from './dialects.ts'
import { readSignal } from './read-signal.ts'
import { type Damage, type Signal, step, type Versioned, type Whole } from './versioned-state.ts'

export interface LiveStateSettings {
  readonly dialect: Dialect
  readonly maxVersion: number | undefined
  readonly repairTimeoutMs: number
}

/** Repairs that follow each other sooner than this are of one trouble, and wait longer each time. */
const CALM_MS = 60_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/** The state of a topic: what the messages make of it, and its repair. */
export class LiveStateFold implements Fold {
  readonly host: FoldHost
  readonly #versioned$: BehaviorSubject<Versioned>
  readonly #errors$: Subject<unknown> = new Subject()
  readonly #settings: LiveStateSettings
  #repairing = Subscription.EMPTY
  #repairs = 0
  #repairedAtMs = 0

  constructor(host: FoldHost, settings: LiveStateSettings) {
    this.host = host
    this.#settings = settings
    const { maxVersion } = settings
    this.#versioned$ = new BehaviorSubject<Versioned>({
      status: 'loading',
      maxVersion: maxVersion === undefined ? undefined : { version: maxVersion, given: true },
    })
  }

  /** What is known now, and each change of it. */
  get versioned$(): Observable<Versioned> {
    // The current one: whoever is told something may have brought the next about, as a decoder does that turns it down.
    return this.#versioned$.pipe(
      map(() => this.#versioned$.value),
      distinctUntilChanged(),
    )
  }

  /** The errors that the server tells; the one that holds comes at once. */
  get errors$(): Observable<unknown> {
    return defer(() => {
      const versioned = this.#versioned$.value
      return versioned.status === 'error' ? this.#errors$.pipe(startWith(versioned.error)) : this.#errors$
    })
  }

  joined(): void {
    this.#take({ type: 'joined' })
  }

  lost(): void {
    // A new join brings a new state.
    this.#repairing.unsubscribe()
    this.#take({ type: 'lost' })
  }

  missed(): void {
    this.#repair()
  }

  receive({ event, payload }: Message): void {
    const signal = readSignal(this.#settings.dialect, event, payload)
    this.#take(signal)
    if (signal.type === 'failed') this.#errors$.next(signal.error)
    if (signal.type === 'malformed') this.#report(event, payload, signal.error)
  }

  /** The decoder of a user turned a state down. */
  refuse(whole: Whole, error: unknown): void {
    const { change } = this.#settings.dialect
    this.#report(change, whole.state, error)
    // Only if it is the one that is shown, or two readers would have it repaired twice.
    const versioned = this.#versioned$.value
    if (versioned.status === 'live' && versioned.whole === whole) this.#take({ type: 'malformed', error })
  }

  #take(signal: Signal): void {
    const before = this.#versioned$.value
    const { next, damage } = step(before, signal)
    // The answer to a repair: the whole state, or that there is none.
    if (signal.type === 'change' || (signal.type === 'failed' && next.status === 'error'))
      this.#repairing.unsubscribe()
    if (next !== before) this.#versioned$.next(next)
    if (damage) this.#repair(damage)
  }

  /** Asks for the whole state, and rejoins if it does not come; nothing if that is under way. */
  #repair(damage?: Damage): void {
    if (!this.#repairing.closed) return
    const { dialect, repairTimeoutMs } = this.#settings
    const { scheduler } = this.host
    if (damage?._tag === 'PatchFailed') this.#report(dialect.patch, damage.operation, damage)
    const waitMs = this.#nextWaitMs()
    const repairing = new Subscription()
    // Set before anything is sent: a server in memory answers within send.
    this.#repairing = repairing
    repairing.add(
      (waitMs === 0 ? of(0) : timer(waitMs, scheduler))
        .pipe(
          switchMap(() => {
            if (dialect.refresh === undefined) return of(0)
            this.host.send(dialect.refresh, {})
            return timer(repairTimeoutMs, scheduler)
          }),
        )
        .subscribe(() => {
          repairing.unsubscribe()
          this.host.rejoin()
        }),
    )
  }

  #nextWaitMs(): number {
    const now = this.host.scheduler.now()
    if (now - this.#repairedAtMs > CALM_MS) this.#repairs = 0
    const waitMs =
      this.#repairs === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#repairs - 1))
    this.#repairs += 1
    this.#repairedAtMs = now + waitMs
    return waitMs
  }

  #report(event: string, payload: unknown, error: unknown): void {
    this.host.trace.tell?.({
      type: 'decode-failed',
      connectionId: undefined,
      error: new DecodeFailed({ event, frame: shownPayload(payload), error }),
    })
  }
}
