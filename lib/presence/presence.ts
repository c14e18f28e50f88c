import { DEV } from '../protocol/dev.ts'
import { distinctUntilChanged, filter, map, Observable } from 'rxjs'
import { FOLD, foldable } from '../channel/folds.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { optionsIn } from '../protocol/checked.ts'
import { PresenceFold } from './presence-fold.ts'
import { type Presence, type PresenceChange, type PresenceState } from './presence-state.ts'

/** Options of `presence`. */
export interface PresenceOptions {
  /** The events of the server. Defaults: `presence_state` and `presence_diff`. */
  readonly events?: { readonly state?: string; readonly diff?: string }
}

/**
 * The presences of a topic, as an Observable of a read-only Map from key to presence: the current one immediately, also for
 * late subscribers, then a new Map for each change, which shares what did not change and is never changed itself.
 * Subscribing joins the topic, as every stream of a channel does; the last list stays over a reconnect, and the
 * differences to the new list are emitted as changes. Completes when the server closes the channel, and errors with a
 * `ChannelError` when a policy stops. All other streams end likewise.
 */
export interface Presences<P extends Presence = Presence> extends Observable<PresenceState<P>> {
  /** Each key that changes, with its presence before and after. Hot; the first list comes as changes too. */
  readonly changes$: Observable<PresenceChange<P>>
  /** The changes in which metas joined; an update is one. Hot. */
  readonly joins$: Observable<PresenceChange<P>>
  /** The changes in which metas left; an update is one. Hot. */
  readonly leaves$: Observable<PresenceChange<P>>
  /** The number of keys, whenever it changes. */
  readonly count$: Observable<number>
  /** The presence of one key, immediately and whenever it changes; undefined while the key is not there. */
  key$(key: string): Observable<P | undefined>
  /** The list as an array, made anew for each change. */
  list(): Observable<readonly P[]>
  /** The same, with what the selector returns for each key and its presence. */
  list<A>(selector: (key: string, presence: P) => A): Observable<readonly A[]>
}

/**
 * The presences of a channel (Phoenix.Presence). Registers with the channel when it is called, and is kept up to date
 * from then on while the topic is joined, subscribed or not. A payload of the wrong shape is traced and skipped.
 */
export const presence = <P extends Presence = Presence>(
  channel: { readonly topic: string },
  options: PresenceOptions = {},
): Presences<P> => {
  const { events = {} } = optionsIn('options', options)
  const { state = 'presence_state', diff = 'presence_diff' } = optionsIn('events', events)
  if (DEV && (!isName(state) || !isName(diff) || state === diff))
    throw new InvalidArgument('events', events, 'pass two names of events.')
  return new Handle(channel, state, diff) as Presences as Presences<P>
}

const isName = (event: unknown): boolean => typeof event === 'string' && event !== ''

class Handle extends Observable<PresenceState> implements Presences {
  private readonly derived: <A>(read: (fold: PresenceFold) => Observable<A>) => Observable<A>

  constructor(channel: { readonly topic: string }, state: string, diff: string) {
    const derive = foldable(channel)[FOLD]({
      key: JSON.stringify(['presence', state, diff]),
      snapshot: state,
      delta: diff,
      create: (host) => new PresenceFold(host, state),
    })
    const derived = <A>(read: (fold: PresenceFold) => Observable<A>): Observable<A> =>
      derive<A>((fold, subscriber) => read(fold).subscribe(subscriber))
    const states$ = derived(({ state$ }) => state$)
    super((subscriber) => states$.subscribe(subscriber))
    this.derived = derived
  }

  get changes$(): Observable<PresenceChange> {
    return this.derived(({ changes$ }) => changes$)
  }

  get joins$(): Observable<PresenceChange> {
    return this.changes$.pipe(filter(({ joined }) => joined.length > 0))
  }

  get leaves$(): Observable<PresenceChange> {
    return this.changes$.pipe(filter(({ left }) => left.length > 0))
  }

  get count$(): Observable<number> {
    return this.pipe(
      map(({ size }) => size),
      distinctUntilChanged(),
    )
  }

  key$(key: string): Observable<Presence | undefined> {
    return this.derived((fold) => fold.key$(key))
  }

  list<A>(
    selector: (key: string, presence: Presence) => A = (_key, found) => found as A,
  ): Observable<readonly A[]> {
    return this.pipe(map((state) => Array.from(state, ([key, found]) => selector(key, found))))
  }
}
