import { type Either, isLeft } from 'fp-ts/Either'
import { defer, distinctUntilChanged, filter, finalize, map, type Observable, startWith, Subject } from 'rxjs'
import { type Fold, type FoldHost } from '../channel/folds.ts'
import { DecodeFailed, shownPayload } from '../protocol/decode-failed.ts'
import { type Message } from '../protocol/message.ts'
import {
  decodePresenceDiff,
  decodePresenceState,
  type Presence,
  type PresenceChange,
  type PresenceDiff,
  type PresenceEntries,
  type PresenceState,
} from './presence-state.ts'
import { syncDiff } from './sync-diff.ts'
import { syncState } from './sync-state.ts'

/** The most diffs that wait for a state. The oldest are dropped first: their changes are in the state when it comes. */
const MAX_WAITING = 1_000

/** The presences of a topic, and their changes. */
export class PresenceFold implements Fold {
  private readonly told$: Subject<void> = new Subject()
  private readonly changed$: Subject<PresenceChange> = new Subject()
  /** By key, so that a change finds the subscribers of its key with one look-up. */
  private readonly byKey: Map<string, Subject<void>> = new Map()
  private state: PresenceState | undefined
  /** The diffs that came before the state of this join; undefined once it has come. */
  private waiting: PresenceDiff[] | undefined = []

  constructor(
    private readonly host: FoldHost,
    private readonly snapshot: string,
  ) {}

  get changes$(): Observable<PresenceChange> {
    return this.changed$
  }

  get state$(): Observable<PresenceState> {
    return this.current(this.told$, (state) => state)
  }

  key$(key: string): Observable<Presence | undefined> {
    return defer(() => {
      let ofKey$ = this.byKey.get(key)
      if (!ofKey$) this.byKey.set(key, (ofKey$ = new Subject()))
      const subject$ = ofKey$
      return this.current(subject$, (state) => state.get(key)).pipe(
        finalize(() => {
          if (!subject$.observed) this.byKey.delete(key)
        }),
      )
    })
  }

  /** What follows belongs to another join, whose state has to come first; the old one stays until then. */
  joined(): void {
    this.waiting = []
  }

  lost(): void {
    this.waiting = []
  }

  missed(): void {
    this.host.rejoin()
  }

  receive({ event, payload }: Message): void {
    if (event === this.snapshot) this.read(event, payload, decodePresenceState, this.replace)
    else this.read(event, payload, decodePresenceDiff, this.change)
  }

  private readonly replace = (entries: PresenceEntries): void => {
    const waiting = this.waiting
    this.waiting = undefined
    this.apply((state, onChange) =>
      (waiting ?? []).reduce(
        (synced, diff) => syncDiff(synced, diff, onChange),
        syncState(state, entries, onChange),
      ),
    )
  }

  private readonly change = (diff: PresenceDiff): void => {
    if (!this.waiting) this.apply((state, onChange) => syncDiff(state, diff, onChange))
    else if (this.waiting.push(diff) > MAX_WAITING) this.waiting.shift()
  }

  private apply(
    sync: (state: PresenceState, onChange: (change: PresenceChange) => void) => PresenceState,
  ): void {
    const changes: PresenceChange[] = []
    const state = sync(this.state ?? new Map(), (change) => changes.push(change))
    const isFirst = this.state === undefined
    this.state = state
    for (const change of changes) {
      this.changed$.next(change)
      this.byKey.get(change.key)?.next()
    }
    // From now on it is known which keys are absent.
    if (isFirst) for (const told$ of this.byKey.values()) told$.next()
    this.told$.next()
  }

  /** The current state immediately, then each later one. Always the latest, since an observer may itself have caused a change. */
  private current<A>(told$: Observable<void>, read: (state: PresenceState) => A): Observable<A> {
    return told$.pipe(
      startWith(undefined),
      map(() => this.state),
      filter((state) => state !== undefined),
      map(read),
      distinctUntilChanged(),
    )
  }

  private read<A>(
    event: string,
    payload: unknown,
    decode: (payload: unknown) => Either<string, A>,
    use: (decoded: A) => void,
  ): void {
    const decoded = decode(payload)
    if (isLeft(decoded)) {
      const error = new DecodeFailed({ event, frame: shownPayload(payload), error: decoded.left })
      this.host.trace.emit?.({ type: 'decode-failed', connectionId: undefined, error })
    } else use(decoded.right)
  }
}
