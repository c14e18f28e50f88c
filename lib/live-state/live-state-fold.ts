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
import { type Fold, type FoldHost } from '../channel/folds.ts'
import { DecodeFailed, shownPayload } from '../protocol/decode-failed.ts'
import { type Dialect } from './dialects.ts'
import { readSignal } from './read-signal.ts'
import { type Damage, type Signal, step, type Versioned, type Whole } from './versioned-state.ts'

export interface LiveStateSettings {
  readonly dialect: Dialect
  readonly maxVersion: number | undefined
  readonly repairTimeoutMs: number
}

/** Repairs within this time of each other have the same cause, and wait longer each time. */
const CALM_MS = 60_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/** The state of a topic: what the messages make of it, and its repair. */
export interface LiveStateFold extends Fold {
  readonly host: FoldHost
  /** The current one, and each change of it. */
  readonly versioned$: Observable<Versioned>
  /** The errors that the server sends in place of a state; late subscribers get the latest one, unless a state has arrived since. */
  readonly errors$: Observable<unknown>
  /** Reports that the decoder of a user rejected a state. */
  refuse(whole: Whole, error: unknown): void
}

export const liveStateFold = (
  host: FoldHost,
  { dialect, maxVersion, repairTimeoutMs }: LiveStateSettings,
): LiveStateFold => {
  const { scheduler } = host
  const errors$ = new Subject<unknown>()
  const versioned$ = new BehaviorSubject<Versioned>({
    status: 'loading',
    maxVersion: maxVersion === undefined ? undefined : { version: maxVersion, given: true },
  })
  let repairing = Subscription.EMPTY
  let repairs = 0
  let repairedAtMs = 0

  const report = (event: string, payload: unknown, error: unknown): void =>
    host.trace.emit?.({
      type: 'decode-failed',
      connectionId: undefined,
      error: new DecodeFailed({ event, frame: shownPayload(payload), error }),
    })

  const nextWaitMs = (): number => {
    const now = scheduler.now()
    if (now - repairedAtMs > CALM_MS) repairs = 0
    const waitMs = repairs === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (repairs - 1))
    repairs += 1
    repairedAtMs = now + waitMs
    return waitMs
  }

  /** Asks for the whole state, and rejoins if it does not come; does nothing while a repair is under way. */
  const repair = (damage?: Damage): void => {
    if (!repairing.closed) return
    if (damage?._tag === 'PatchFailed') report(dialect.patch, damage.operation, damage)
    const waitMs = nextWaitMs()
    const running = new Subscription()
    // Set before anything is sent: a server in memory answers within send.
    repairing = running
    running.add(
      (waitMs === 0 ? of(0) : timer(waitMs, scheduler))
        .pipe(
          switchMap(() => {
            if (dialect.refresh === undefined) return of(0)
            host.send(dialect.refresh, {})
            return timer(repairTimeoutMs, scheduler)
          }),
        )
        .subscribe(() => {
          running.unsubscribe()
          host.rejoin()
        }),
    )
  }

  const take = (signal: Signal): void => {
    const before = versioned$.value
    const { next, damage } = step(before, signal)
    // A repair has its answer once there is a whole state, or an error in place of one.
    if (next !== before && !damage && (next.status === 'live' || next.status === 'error'))
      repairing.unsubscribe()
    if (next !== before) versioned$.next(next)
    if (damage) repair(damage)
  }

  return {
    host,
    // Always the current one: a subscriber may cause the next one while it handles this one, as a failing decoder does.
    versioned$: versioned$.pipe(
      map(() => versioned$.value),
      distinctUntilChanged(),
    ),
    errors$: defer(() => {
      const { value } = versioned$
      return value.status === 'error' ? errors$.pipe(startWith(value.error)) : errors$
    }),
    joined: () => {
      take({ type: 'joined' })
    },
    lost: () => {
      // The next join brings a whole state.
      repairing.unsubscribe()
      take({ type: 'lost' })
    },
    missed: () => {
      repair()
    },
    receive: ({ event, payload }) => {
      const signal = readSignal(dialect, event, payload)
      take(signal)
      if (signal.type === 'failed') errors$.next(signal.error)
      if (signal.type === 'malformed') report(event, payload, signal.error)
    },
    refuse: (whole, error) => {
      report(dialect.change, whole.state, error)
      // Only for the state that is shown, or two subscribers would have it repaired twice.
      const { value } = versioned$
      if (value.status === 'live' && value.whole === whole) take({ type: 'malformed', error })
    },
  }
}
