import { DEV } from '../protocol/dev.ts'
import { right } from 'fp-ts/Either'
import { distinctUntilChanged, EMPTY, filter, map, Observable } from 'rxjs'
import { type Decoder, toDecode } from '../channel/decode-with.ts'
import { FOLD, foldable } from '../channel/fold.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { duration } from '../socket/checks.ts'
import { type Dialect, dialectOf } from './dialects.ts'
import { lookUp } from './json-value.ts'
import { parsePointer } from './json-pointer.ts'
import { LiveStateFold } from './live-state-fold.ts'
import { OVERLAY, type Overlaid } from './overlay.ts'
import { ShownState } from './shown-state.ts'
import { type Versioned } from './versioned-state.ts'

/** Options of `liveState`. */
export interface LiveStateOptions<S> {
  /** What the server speaks: `'seance'`, `'live-state'`, or the names of another dialect. */
  readonly dialect: 'seance' | 'live-state' | Dialect
  /** The `max_version` of the server, after which comes 0. Default: learnt when it happens first. */
  readonly maxVersion?: number
  /** Reads whole states: gives an `Either`, or is a Standard Schema. One that is turned down is repaired. Default: trusts. */
  readonly decode?: Decoder<S>
  /** Milliseconds until a rejoin if a refresh is not answered. Default: 5,000. */
  readonly repairTimeoutMs?: number
}

/** `loading`: nothing yet. `live`. `stale`: the last good state, while it is repaired or the channel is not joined. `error`: the server has none. */
export type LiveStateStatus = Versioned['status']

/**
 * The state that a server owns, as an Observable of immutable values: the current one at once, also for who subscribes
 * late, then each that differs. They share whatever did not change. Subscribing joins the topic, as every stream of a
 * channel does; it stays subscribed over reconnects, completes when the server closes the channel, and errors with a
 * `ChannelError` when a policy stops. All other streams end likewise.
 */
export interface LiveState<S> extends Observable<S> {
  /** The version of the last good state of the server. */
  readonly version$: Observable<number>
  readonly status$: Observable<LiveStateStatus>
  /** What the server says in place of a state, as it came. The error that holds comes at once. */
  readonly errors$: Observable<unknown>
  /** The details of one event of the server. Hot. */
  on(name: string): Observable<unknown>
  /**
   * Sends an event to the server. No reply comes: completes once it is handed to the transport, or errors with a
   * `PushError`. Cold: each subscription sends once.
   */
  dispatch(name: string, detail?: unknown): Observable<never>
  /** Asks for the whole state; where the dialect has no word for it, by a rejoin. Completes once that is under way. */
  refresh(): Observable<never>
  /** A part of the state, whenever it is another one: by a function, a key, or a JSON Pointer such as `/todos/0/title`. */
  select<A>(part: (state: S) => A): Observable<A>
  /** The part under a key. */
  select<K extends keyof S & string>(part: K): Observable<S[K]>
  /** The part that a JSON Pointer (RFC 6901) names; undefined where there is none. */
  select(part: `/${string}`): Observable<unknown>
}

/** A channel: what `socket.channel` gives, whatever its contract. */
export interface LiveChannel {
  readonly topic: string
  /** As that of a channel. */
  on(event: string): Observable<unknown>
  /** As that of a channel. */
  send(event: string, payload?: unknown): Observable<never>
}

/**
 * The state of a channel of a LiveState or Seance server. Registers with the channel when it is called, and is kept up
 * to date from then on while the topic is joined, subscribed or not. A message that is missing, does not fit or makes
 * no sense leads to one repair, a refresh or else a rejoin, and meanwhile the last good state stays and is `stale`.
 * Repairs that follow each other within a minute wait 1, 2, 4 … 30 s.
 *
 * @throws `InvalidArgument` for options that cannot work.
 */
export const liveState = <S>(channel: LiveChannel, options: LiveStateOptions<S>): LiveState<S> =>
  // A copy, since of no options at all there is nothing to be read; `dialect` is then what is missed.
  new Handle(channel, { ...options })

class Handle<S> extends Observable<S> implements LiveState<S>, Overlaid<S> {
  readonly #channel: LiveChannel
  readonly #dialect: Dialect
  readonly #folded: ReturnType<typeof register>
  readonly #shown: ShownState<S>

  constructor(channel: LiveChannel, { decode, ...options }: LiveStateOptions<S>) {
    const dialect = dialectOf(options.dialect)
    const folded = register(channel, dialect, options)
    // Without a decoder the state is what the user says that it is.
    const shown: ShownState<S> = new ShownState(decode ? toDecode(decode) : (state) => right(state as S))
    const states$ = folded.derive<S>((fold, subscriber) => shown.of(fold).subscribe(subscriber))
    super((subscriber) => states$.subscribe(subscriber))
    this.#channel = channel
    this.#dialect = dialect
    this.#folded = folded
    this.#shown = shown
  }

  get #versioned$(): Observable<Versioned> {
    return this.#folded.derive((fold, subscriber) => fold.versioned$.subscribe(subscriber))
  }

  get version$(): Observable<number> {
    return this.#versioned$.pipe(
      map(({ whole }) => whole?.version),
      filter((version) => version !== undefined),
      distinctUntilChanged(),
    )
  }

  get status$(): Observable<LiveStateStatus> {
    return this.#versioned$.pipe(
      map(({ status }) => status),
      distinctUntilChanged(),
    )
  }

  get errors$(): Observable<unknown> {
    return this.#folded.derive((fold, subscriber) => fold.errors$.subscribe(subscriber))
  }

  on(name: string): Observable<unknown> {
    const { event } = this.#dialect
    if (event === undefined) return this.#channel.on(name)
    return this.#channel.on(event).pipe(
      filter((payload) => lookUp(payload, 'name')?.value === name),
      map((payload) => lookUp(payload, 'detail')?.value),
    )
  }

  dispatch(name: string, detail: unknown = {}): Observable<never> {
    if (DEV && (typeof name !== 'string' || name === ''))
      throw new InvalidArgument('name', name, 'pass the name of an event.')
    return this.#channel.send(this.#dialect.eventPrefix + name, detail)
  }

  refresh(): Observable<never> {
    const { refresh } = this.#dialect
    if (refresh !== undefined) return this.#channel.send(refresh, {})
    return this.#folded.derive((fold, subscriber) => {
      fold.host.rejoin()
      return EMPTY.subscribe(subscriber)
    })
  }

  select(part: string | ((state: S) => unknown)): Observable<never> {
    const selected$ = this.pipe(map(typeof part === 'function' ? part : reader(part)), distinctUntilChanged())
    return selected$ as Observable<never> // as the overloads say
  }

  [OVERLAY](change: (state: S) => S): () => void {
    return this.#shown.overlay(change)
  }
}

const register = (
  channel: LiveChannel,
  dialect: Dialect,
  { maxVersion, repairTimeoutMs = 5_000 }: Omit<LiveStateOptions<never>, 'decode'>,
) => {
  if (DEV && maxVersion !== undefined && (!Number.isSafeInteger(maxVersion) || maxVersion < 1))
    throw new InvalidArgument('maxVersion', maxVersion, 'pass a whole number above 0.')
  duration('repairTimeoutMs', repairTimeoutMs)
  const { change, patch, error } = dialect
  return foldable(channel)[FOLD]({
    key: JSON.stringify(['live-state', change, patch]),
    snapshot: change,
    delta: patch,
    also: [error],
    create: (host) => new LiveStateFold(host, { dialect, maxVersion, repairTimeoutMs }),
  })
}

const reader = (path: string): ((state: unknown) => unknown) => {
  const pointer = path.startsWith('/') ? parsePointer(path) : right([path])
  if (pointer._tag === 'Left') throw new InvalidArgument('path', path, DEV && pointer.left + '.')
  return (state) => pointer.right.reduce<unknown>((value, part) => lookUp(value, part)?.value, state)
}
